import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planted } from "../audit/secrets.js";
import { cli, execute, makePlace, type Outcome, type Place } from "./session.js";

let place: Place;

beforeAll(async () => {
  place = await makePlace();
});

afterAll(() => place.remove());

const holdpoint = (...args: string[]): Promise<Outcome> =>
  execute(process.execPath, [cli, ...args], { cwd: place.workspace, env: place.env });

test("a program that reads the log as its first act finds its own record there", async () => {
  const tool = join(place.base, "bin", "railway");
  mkdirSync(join(tool, ".."));
  writeFileSync(tool, '#!/bin/sh\nexec /bin/cat "$HOME"/.local/state/holdpoint/sessions/*.jsonl\n');
  chmodSync(tool, 0o755);
  const outcome = await place.run({
    command: ["railway", "volume", "list", "--my-own-mark"],
    env: { PATH: `${join(place.base, "bin")}:${place.env["PATH"]}` },
  });
  const records = outcome.stdout
    .trimEnd()
    .split("\n")
    .map((line): Record<string, unknown> => JSON.parse(line));
  expect(records.at(-1)).toMatchObject({
    event: "exec",
    verdict: "allow",
    argv: ["railway", "volume", "list", "--my-own-mark"],
  });
});

test("a refused call, its reason and its answer are recorded; people and machines can read them", async () => {
  writeFileSync(join(place.outside, "precious"), "precious\n");
  await place.run({ command: ["bash", "-c", `git --version; rm -rf ${place.outside}`] });
  const verified = await holdpoint("log", "verify");
  expect(verified).toMatchObject({ status: 0, stderr: "" });
  const json = await holdpoint("log", "--json", "--only", "denied");
  const denied = json.stdout
    .trimEnd()
    .split("\n")
    .map((line): Record<string, unknown> => JSON.parse(line));
  expect(denied.length).toBeGreaterThan(0);
  expect(denied[0]).toMatchObject({ verdict: "deny" });
  const people = await holdpoint("log", "--only", "denied");
  expect(people.stdout).toContain("denied");
  expect(people.stdout).toContain(place.outside);
  expect((await holdpoint("log", "--list")).stdout.trimEnd().split("\n")).toHaveLength(place.logs().length);
});

test("an edited record fails the check, with its place", async () => {
  const path = place.logs().at(-1) ?? "";
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace('"verdict":"deny"', '"verdict":"allow"'));
  const outcome = await holdpoint("log", "verify", path);
  expect(outcome.status).toBe(1);
  expect(outcome.stderr).toContain(`${path}:`);
  writeFileSync(path, text);
  expect((await holdpoint("log", "verify", path)).status).toBe(0);
});

test("no secret is in any file that holdpoint wrote", async () => {
  const temp = join(place.base, "tmp");
  mkdirSync(temp);
  // The dump goes where the test can read it while the session and its folder still exist.
  const copy = `/bin/cp -r "\${PATH%%/bin:*}"/. ${join(place.base, "dump")} 2>/dev/null`;
  for (const { line } of planted) {
    await place.run({
      command: [
        "bash",
        "-c",
        `f() { ${line.replace(/^/gm, "")}\n}; true || f; rm -rf ${place.outside} # ${line.split("\n")[0]}`,
      ],
      env: { TMPDIR: temp },
    });
    await place.run({
      command: ["bash", "-c", `env true ${JSON.stringify(line)}; ${copy}`],
      env: { TMPDIR: temp },
    });
  }
  const written = [...filesBelow(place.home), ...filesBelow(join(place.base, "dump")), ...filesBelow(temp)];
  expect(place.logs().length).toBeGreaterThan(planted.length);
  const leaks = planted.flatMap(({ name, secret }) =>
    written.filter((path) => readFileSync(path).includes(secret)).map((path) => `${name}: ${path}`),
  );
  expect(leaks).toEqual([]);
}, 180_000);

function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((name) => join(folder, name))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
  } catch {
    return [];
  }
}
