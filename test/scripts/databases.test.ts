import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, startCluster } from "./postgres.js";
import { makePlace, type Place } from "./session.js";

// A real PostgreSQL server: what is refused leaves its rows where they were, what only reads prints its answer.

let cluster: Cluster | undefined;
let reason = "";
let place: Place;

beforeAll(async () => {
  place = await makePlace();
  writeFileSync(join(place.outside, "precious"), "precious\n");
  const started = await startCluster();
  if ("reason" in started) {
    reason = started.reason;
    console.warn(`no PostgreSQL server: ${reason}; the database transcripts are skipped`);
    return;
  }
  cluster = started;
  await sql(
    "CREATE TABLE items (id int primary key, name text)",
    "INSERT INTO items SELECT i, 'item ' || i FROM generate_series(1, 5) i",
    "CREATE TABLE other (id int)",
    "CREATE DATABASE shop",
  );
}, 120_000);

afterAll(async () => {
  await cluster?.stop();
  place.remove();
});

/** Bare, as the superuser of the scratch cluster; one statement at a time. */
async function sql(...texts: readonly string[]): Promise<string> {
  const answers: string[] = [];
  for (const text of texts) answers.push((await cluster?.query(text))?.trim() ?? "");
  return answers.filter((text) => text !== "").join("\n");
}

const state = (): Promise<string> =>
  sql(
    "SELECT count(*) FROM items",
    "SELECT count(*) FROM pg_tables WHERE tablename = 'other'",
    "SELECT count(*) FROM pg_database WHERE datname = 'shop'",
  );

const statements = [
  "DROP TABLE items",
  "TRUNCATE items",
  "DELETE FROM items",
  "DELETE FROM items WHERE id < 3",
  "WITH gone AS (DELETE FROM items RETURNING id) SELECT count(*) FROM gone",
  "SELECT 1; DROP TABLE items",
  "DROP DATABASE shop",
  "DO $$ BEGIN EXECUTE 'DROP TABLE items'; END $$",
];

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const ways: readonly (readonly [name: string, line: (text: string) => string])[] = [
  ["-c", (text) => `psql -X -c ${quote(text)}`],
  ["--command= and an absolute path", (text) => `/usr/bin/psql -X --command=${quote(text)}`],
  ["-f", () => "psql -X -f act.sql"],
  ["\\i", () => "psql -X -c '\\i act.sql'"],
  ["a pipe", (text) => `echo ${quote(text)} | psql -X`],
  ["a pipe from a file", () => "cat act.sql | psql -X"],
  ["a redirection", () => "psql -X < act.sql"],
  ["a heredoc", (text) => `psql -X <<'E'\n${text};\nE`],
  [
    "a script in Python",
    (text) =>
      `python3 -c ${quote(`import subprocess; subprocess.run(["psql", "-X", "-c", ${JSON.stringify(text)}])`)}`,
  ],
];

test.each(statements.flatMap((text) => ways.map(([name, line]) => [text, name, line] as const)))(
  "held: %s by %s",
  async (text, _name, line) => {
    if (cluster === undefined) return;
    writeFileSync(join(place.workspace, "act.sql"), `${text};\n`);
    const outcome = await place.run({ command: ["bash", "-c", line(text)], env: cluster.env });
    expect(await state()).toBe("5\n1\n1");
    expect(outcome.stderr).toContain("holdpoint: denied");
  },
);

test.each(ways)("let through, with its answer: SELECT by %s", async (_name, line) => {
  if (cluster === undefined) return;
  const text = "SELECT name FROM items WHERE id = 3";
  writeFileSync(join(place.workspace, "act.sql"), `${text};\n`);
  const outcome = await place.run({ command: ["bash", "-c", line(text)], env: cluster.env });
  expect(outcome).toMatchObject({ status: 0, stderr: "" });
  expect(outcome.stdout).toContain("item 3");
});

test.each([
  ["a meta-command that runs a shell", () => `psql -X -c ${quote(`\\! rm -rf ${place.outside}`)}`],
  ["the same in a pipe", () => `echo ${quote(`\\! /bin/rm -rf ${place.outside}`)} | psql -X`],
  ["\\copy to a program", () => `psql -X -c ${quote(`\\copy items to program 'rm -rf ${place.outside}'`)}`],
  ["dropdb", () => "dropdb shop"],
])("held: %s", async (_name, line) => {
  if (cluster === undefined) return;
  const outcome = await place.run({ command: ["bash", "-c", line()], env: cluster.env });
  expect(await state()).toBe("5\n1\n1");
  expect(outcome.stderr).toContain("holdpoint: denied");
});

test("psql kept open by a program that writes to it is held before its first destructive statement", async () => {
  if (cluster === undefined) return;
  const python = `import subprocess
p = subprocess.Popen(["psql", "-X", "-q"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
try:
    p.stdin.write("DROP TABLE items;\\n"); p.stdin.flush()
    import time; time.sleep(3)
    p.stdin.close()
except BrokenPipeError:
    pass
print(p.stdout.read())`;
  const outcome = await place.run({ command: ["python3", "-c", python], env: cluster.env });
  expect(await state()).toBe("5\n1\n1");
  expect(outcome.stdout).toContain("holdpoint: denied");
});
