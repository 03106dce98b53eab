import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openScreen, type PersonScreen } from "./screen.js";
import { cli, execute, makePlace, type Outcome, type Place } from "./session.js";

// What a person sees before anything runs: `explain --plan` of files of each kind, and the card's whole plan.

let place: Place;
let screen: PersonScreen | undefined;

beforeAll(async () => {
  place = await makePlace();
  writeFileSync(join(place.workspace, "notes.txt"), "mine\n");
});

afterAll(() => {
  screen?.kill();
  place.remove();
});

const write = (name: string, text: string): void => writeFileSync(join(place.workspace, name), text);

function plan(args: readonly string[], input?: string, env?: NodeJS.ProcessEnv): Promise<Outcome> {
  return execute(process.execPath, [cli, "explain", ...args], {
    cwd: place.workspace,
    env: { ...place.env, ...env },
    ...(input === undefined ? {} : { input }),
  });
}

const script = `set -e
cat tracked.txt
for i in 1 2 3 4 5 6; do
  curl -s -X DELETE "https://api.example.com/v1/items/$i"
done
if [ "$1" = prod ]; then terraform destroy -auto-approve; fi
rm -f tracked.txt
`;

test("a script: its loop gathered, its branch told, its file back from git", async () => {
  write("deploy.sh", `#!/bin/bash\n${script}`);
  const { status, stdout, stderr } = await plan(["--plan", "deploy.sh"]);
  expect({ status, stderr }).toEqual({ status: 3, stderr: "" });
  expect(stdout.replaceAll(place.workspace, "WORK").split("\n")).toEqual([
    "would ask (critical)",
    " plan    11 calls, 7 of them held, 1 thing destroyed for good, 6 things with",
    "         no known way back",
    " where   environment unknown",
    "",
    "  1 set -e",
    "  2 cat tracked.txt",
    "  3 6 × curl -s -X DELETE https://api.example.com/v1/items/1",
    "      to       curl -s -X DELETE https://api.example.com/v1/items/6",
    "      destroys 6 things: send DELETE to api.example.com/v1/items/1 … send",
    "               DELETE to api.example.com/v1/items/6",
    "      where    environment unknown",
    "      back     way back unknown (sends DELETE to api.example.com)",
    "      asked    The request deletes something on a server, where nothing here",
    "               can bring it back. [http/delete]",
    "      back     Only what the server itself keeps.",
    "      instead  Read it first with GET and show what would be deleted.",
    "  9 [ '' = prod ]",
    " 10 terraform destroy -auto-approve",
    "      destroys might delete infrastructure at Terraform by terraform destroy",
    "      where    environment unknown",
    "      back     no way back (destroys everything in the state, or what -target",
    "               names)",
    "      asked    What is stored in it, or what runs on it, is deleted with it;",
    "               the provider has no undo. [cloud/store-delete]",
    "      back     None at most providers; some keep a deleted store for days and",
    "               bring it back when they are asked.",
    "      instead  Show what it holds (GET), take a backup, and let a person",
    "               delete it in the provider's console.",
    "      when     only if it comes to that",
    " 11 rm -f tracked.txt",
    "      does     delete WORK/tracked.txt",
    expect.stringContaining("      back     git has its content: git -C"),
    expect.any(String),
    "",
    " --all     each call by itself",
    " more     holdpoint explain --why http/delete",
    "",
  ]);
});

test.each([
  [
    "Makefile",
    "all:\n\tpsql -h db app -c 'DROP TABLE users'\n",
    "by make: psql -h db app -c 'DROP TABLE users'",
  ],
  ["drop.sql", "DROP TABLE users;\n", "destroys DROP TABLE users"],
  ["job.py", "import shutil\nshutil.rmtree('/srv/data')\n", "below /srv/data"],
  ["job", "#!/usr/bin/env python3\nimport shutil\nshutil.rmtree('/srv/data')\n", "below /srv/data"],
  ["job.fish", "for i in 1 2\n  rm -f notes.txt\nend\n", "destroys delete"],
  ["plain", "rm -f notes.txt\n", "destroys delete"],
])("%s is read by what would run it", async (name, text, seen) => {
  write(name, text);
  const { stdout, stderr } = await plan(["--plan", name]);
  expect(stderr).toBe("");
  expect(stdout).toContain(seen);
});

test("a script on stdin, a line with no such file, what is no script", async () => {
  const piped = await plan(["--plan", "-"], script);
  expect([piped.status, piped.stdout.includes("terraform destroy")]).toEqual([3, true]);
  expect((await plan(["--plan", "ls -la"])).stdout).toBe(
    "would run, logged\n plan    1 call, nothing destroyed for good\n\n 1 ls -la\n",
  );
  write("data.csv", "a,b\n");
  const wrong = await plan(["--plan", "data.csv"]);
  expect([wrong.status, wrong.stdout, wrong.stderr]).toEqual([
    2,
    "",
    expect.stringContaining("is no script that holdpoint knows how to run; name the command"),
  ]);
});

test("a line longer than a name may be, and a name that no file has", async () => {
  const line = Array.from({ length: 400 }, (_, at) => `rm -f ${place.outside}/none/${at}`).join("\n");
  const long = await plan(["--plan", line]);
  expect([long.status, long.stderr]).toEqual([0, ""]);
  expect(long.stdout).toContain(" plan    400 calls, nothing destroyed for good");
  const wrong = await plan(["--plan", "deploi.sh"]);
  expect([wrong.status, wrong.stderr]).toEqual([
    0,
    'holdpoint: there is no file "deploi.sh": read as a line\n',
  ]);
});

test("as JSON, without secrets", async () => {
  const line =
    'curl -X POST https://backboard.railway.app/graphql/v2 -H "Authorization: Bearer $RAILWAY_TOKEN" -d \'{"query":"mutation { volumeDelete(volumeId: \\"vol-1\\") }"}\'';
  const { status, stdout } = await plan(["--json", "--plan", line], undefined, {
    RAILWAY_TOKEN: "plain-secret-word-1",
  });
  expect([status, stdout.includes("plain-secret")]).toEqual([3, false]);
  expect(JSON.parse(stdout)).toEqual({
    line,
    verdict: "ask",
    severity: "critical",
    summary: {
      calls: 1,
      held: 1,
      lost: 1,
      doubtful: 0,
      environments: ["unknown"],
      credentials: [{ name: "authorization", from: "env:RAILWAY_TOKEN", fingerprint: expect.any(String) }],
      unread: 0,
    },
    steps: [
      {
        number: 1,
        via: [],
        tool: "curl",
        text: expect.stringContaining("Authorization: ‹redacted›"),
        certain: true,
        does: [
          {
            words: "delete volume vol-1 at Railway",
            action: "delete",
            resource: "cloud",
            count: 1,
            certain: true,
            loss: "good",
            environment: "unknown",
            recovery: "none",
            back: "no way back",
            because: ["deletes a persistent volume and its data"],
            credentials: [
              { name: "authorization", from: "env:RAILWAY_TOKEN", fingerprint: expect.any(String) },
            ],
            rules: [
              expect.objectContaining({
                rule: "railway/volume-delete",
                verdict: "ask",
                severity: "critical",
              }),
            ],
          },
        ],
        unread: [],
        steps: [],
      },
    ],
    errors: [],
  });
});

test("v on the card shows the plan, it scrolls, v shows the card again, d denies", async () => {
  const victim = join(place.outside, "victim");
  writeFileSync(victim, "x\n");
  const steps = Array.from({ length: 30 }, (_, at) => `truncate -s 0 ${victim}.${at}`);
  for (const at of steps.keys()) writeFileSync(`${victim}.${at}`, "x\n");
  const file = join(place.workspace, "agent.sh");
  writeFileSync(file, `#!/bin/bash\nbash -c '${steps.join("; ")}; /bin/rm -f ${victim}'\n`);
  chmodSync(file, 0o755);
  screen = openScreen(place, [file]);
  await screen.see("waits for you");
  await screen.see("whole plan");
  // Keys count once the card has been seen for a moment; one that came too early is pressed again.
  for (let tries = 0; tries < 40 && !/ plan {4}\d+ calls/.test(screen.text()); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    if (!/ plan {4}\d+ calls/.test(screen.text())) screen.press("v");
  }
  await screen.see(/ plan {4}\d+ calls, .*held/);
  await screen.see(/1 to \d+ of \d+ · space, j, k scroll/);
  screen.press(" ");
  await screen.unsee(/ plan {4}\d+ calls/);
  screen.press("v");
  await screen.see("whole plan");
  screen.press("d");
  await screen.see("holdpoint: denied by rule files/lose-work");
  expect(await screen.exited).toBe(126);
  expect(existsSync(victim)).toBe(true);
});

test.each([
  [
    "compose",
    "docker-compose.yml",
    `services: ${"[".repeat(100_000)}`,
    "docker compose exec db psql -c 'drop table x'",
  ],
  ["a kubeconfig", "kube", "- ".repeat(100_000), "KUBECONFIG=./kube kubectl delete pod x"],
])("a file of YAML that would end its reader: %s", async (_, name, text, line) => {
  const folder = join(place.base, "bombs");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
  const { status, stdout } = await execute(process.execPath, [cli, "explain", "--plan", line], {
    ...{ cwd: folder, env: place.env, limit: 60_000 },
  });
  expect([status, stdout.split("\n")[0]]).toEqual([expect.any(Number), expect.stringMatching(/^would ask/)]);
});
