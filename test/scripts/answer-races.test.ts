import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openScreen, type PersonScreen } from "./screen.js";
import { makePlace, type Place } from "./session.js";

// A card is up, and another process of the session makes something else of what it shows. Then the person allows it.

let place: Place;
let screen: PersonScreen | undefined;

beforeEach(async () => {
  const made = await makePlace();
  const tools = join(made.base, "tools");
  place = { ...made, env: { ...made.env, PATH: `${tools}:${made.env["PATH"]}`, KUBECONFIG: "kubeconfig" } };
  mkdirSync(tools);
  // What they would do is told by what they leave.
  for (const name of ["kubectl", "aws", "curl"]) tool(name, 'echo "$0" "$@" >> "$RAN"');
  for (const name of ["one", "two"]) writeFileSync(out(name), `${name}\n`);
});

afterEach(() => {
  screen?.kill();
  place.remove();
});

const at = (name: string): string => join(place.workspace, name);
const out = (name: string): string => join(place.outside, name);
const write = (name: string, text: string): void => writeFileSync(at(name), text);

function git(...words: readonly string[]): void {
  execFileSync("git", words, { cwd: place.workspace, env: place.env });
}

function tool(name: string, text: string): void {
  const path = join(place.base, "tools", name);
  const ran = `RAN='${join(place.base, "ran")}'`;
  writeFileSync(path, `#!/bin/sh\n${ran}\n${text}\n`);
  chmodSync(path, 0o755);
}

/** An agent that starts one command, from a folder, with a file as its input where one is named. */
function agent({ command, from = ".", input }: Attack): readonly string[] {
  const path = join(place.base, "agent.cjs");
  const program = `const { spawnSync } = require("node:child_process");
const { openSync } = require("node:fs");
const [name, ...words] = ${JSON.stringify(command)}.map((word) => word.replaceAll("@O", ${JSON.stringify(place.outside)}));
const input = ${input === undefined ? '"ignore"' : `openSync(${JSON.stringify(input)}, "r")`};
const { status, stderr } = spawnSync(name, words, { cwd: ${JSON.stringify(from.replace("@O", place.outside))}, stdio: [input, "pipe", "pipe"] });
console.log("status " + status + (String(stderr).includes("something changed while") ? ", another by now" : ""));
`;
  writeFileSync(path, program);
  return [process.execPath, path];
}

async function answerAfter(attack: Attack): Promise<string> {
  attack.before?.();
  screen = openScreen(place, agent(attack));
  await screen.see("a command waits for you");
  attack.during();
  await allow(screen, "a");
  await screen.see(/status \d+/);
  return /status \d+(, another by now)?/.exec(screen.text())?.[0] ?? "";
}

/** Keys count only once the card has been seen for a moment; as root a word is wanted, too. */
async function allow(screen: PersonScreen, key: "a" | "s"): Promise<void> {
  await screen.see("a command waits for you");
  await new Promise((resolve) => setTimeout(resolve, 700));
  const typed = /and type (.+?)\s*$/m.exec(screen.text())?.[1];
  screen.press(key);
  if (typed === undefined) return;
  await new Promise((resolve) => setTimeout(resolve, 150));
  screen.press(`${typed}\r`);
}

/** A program that runs each in turn, by a shell, and says how it ended. */
function runs(...commands: readonly string[]): string {
  return `for (const text of ${JSON.stringify(commands)})
  console.log("status " + require("node:child_process").spawnSync("sh", ["-c", text], { stdio: "ignore" }).status);`;
}

interface Attack {
  readonly before?: () => void;
  readonly command: readonly string[];
  readonly from?: string;
  readonly input?: string;
  readonly during: () => void;
}

const cluster = (context: string): string =>
  `apiVersion: v1\nkind: Config\ncurrent-context: ${context}\ncontexts:\n- { name: dev, context: { cluster: dev } }\n` +
  `- { name: prod, context: { cluster: prod } }\n`;
const script = (name: string): string => `/bin/rm -f '${out(name)}'\n`;

const attacks: readonly (readonly [string, Attack])[] = [
  [
    "a link in the target's path is turned round",
    {
      before: () => {
        mkdirSync(out("scrap"));
        writeFileSync(out("scrap/one"), "scrap\n");
        symlinkSync(out("scrap"), at("link"));
      },
      command: ["rm", "-f", "link/one"],
      during: () => {
        rmSync(at("link"));
        symlinkSync(place.outside, at("link"));
      },
    },
  ],
  [
    "the caller's folder is moved to where its `..` is another",
    {
      before: () => {
        for (const name of ["a", "b"]) mkdirSync(out(`${name}/sub`), { recursive: true });
        for (const name of ["a", "b"]) writeFileSync(out(`${name}/data`), name);
      },
      command: ["rm", "-f", "../data"],
      from: "@O/a/sub",
      during: () => {
        rmSync(out("b/sub"), { recursive: true });
        renameSync(out("a/sub"), out("b/sub"));
        mkdirSync(out("a/sub"));
      },
    },
  ],
  [
    "a script is written anew",
    {
      before: () => write("s.sh", script("one")),
      command: ["bash", "s.sh"],
      during: () => write("s.sh", script("two")),
    },
  ],
  [
    "a recipe is written anew",
    {
      before: () => write("Makefile", `clean:\n\t${script("one")}`),
      command: ["bash", "-c", "make clean"],
      during: () => write("Makefile", `clean:\n\t${script("two")}`),
    },
  ],
  [
    "a glob matches more",
    {
      before: () => writeFileSync(out("three"), "three\n"),
      command: ["bash", "-c", "rm -f @O/o*"],
      during: () => renameSync(out("three"), out("other")),
    },
  ],
  [
    "a file of SQL is written anew",
    {
      before: () => write("q.sql", "DELETE FROM jobs WHERE id = 1;\n"),
      command: ["psql", "-h", "db.invalid", "-f", "q.sql"],
      during: () => write("q.sql", "DELETE FROM users WHERE id > 0;\n"),
    },
  ],
  [
    "SQL on standard input is written anew",
    {
      before: () => write("q.sql", "DELETE FROM jobs WHERE id = 1;\n"),
      command: ["psql", "-h", "db.invalid"],
      input: "q.sql",
      during: () => write("q.sql", "DELETE FROM users WHERE id > 0;\n"),
    },
  ],
  [
    "a manifest that no reader knows is written anew",
    {
      before: () => write("m.yaml", "kind: Pod\nmetadata: { name: scrap }\n"),
      command: ["kubectl", "delete", "-f", "m.yaml"],
      during: () => write("m.yaml", "kind: Namespace\nmetadata: { name: shop }\n"),
    },
  ],
  [
    "another cluster is made the one in use",
    {
      before: () => write("kubeconfig", cluster("dev")),
      command: ["kubectl", "delete", "namespace", "shop"],
      during: () => write("kubeconfig", cluster("prod")),
    },
  ],
  [
    "the words of a cloud's call are written anew",
    {
      before: () => write("in.json", '{"DBInstanceIdentifier":"scrap","SkipFinalSnapshot":true}'),
      command: ["aws", "rds", "delete-db-instance", "--cli-input-json", "file://in.json"],
      during: () => write("in.json", '{"DBInstanceIdentifier":"shop","SkipFinalSnapshot":true}'),
    },
  ],
  [
    "a body is written anew",
    {
      before: () => write("in.json", '{"ids":[1]}'),
      command: ["curl", "-X", "DELETE", "https://api.example.com/v1/orders", "-d", "@in.json"],
      during: () => write("in.json", '{"ids":["*"]}'),
    },
  ],
  [
    "the program becomes another one",
    {
      command: ["kubectl", "delete", "pod", "scrap"],
      during: () => tool("kubectl", `/bin/rm -f '${out("one")}'`),
    },
  ],
  [
    "a branch is moved on to other commits",
    {
      before: () => {
        git("init", "-q", "--bare", out("origin"));
        git("remote", "add", "origin", out("origin"));
        for (const name of ["first", "second"]) git("commit", "-q", "--allow-empty", "-m", name);
        git("push", "-q", "origin", "HEAD:topic");
        git("branch", "topic", "HEAD~1");
      },
      command: ["git", "push", "--force", "origin", "topic"],
      during: () => git("branch", "-q", "-f", "topic", "HEAD~2"),
    },
  ],
];

test.each(attacks)("%s: nothing runs", async (_, attack) => {
  expect(await answerAfter(attack)).toBe("status 126, another by now");
  expect(["one", "two"].map((name) => readFileSync(out(name), "utf8"))).toEqual(["one\n", "two\n"]);
  // A card's look may have started it, to read.
  const ran = join(place.base, "ran");
  expect(existsSync(ran) ? readFileSync(ran, "utf8") : "").not.toContain("delete");
});

test("what stays what it was, runs, though what is deleted has grown and other files are written", async () => {
  const during = () => {
    appendFileSync(out("one"), "more\n");
    write("m.yaml", "written\n");
  };
  expect(await answerAfter({ command: ["rm", "-f", "@O/one"], during })).toBe("status 0");
  expect(existsSync(out("one"))).toBe(false);
});

test.each([
  ["another namespace", "kubectl delete pod web -n dev", "kubectl delete pod web -n prod"],
  ["another file", "kubectl delete -f m.yaml", "kubectl delete -f n.yaml"],
  ["another folder", "terraform destroy -auto-approve", "cd other && terraform destroy -auto-approve"],
])("what is allowed for the session is not allowed for %s", async (_, first, second) => {
  mkdirSync(at("other"));
  tool("terraform", 'echo "$0" "$@" >> "$RAN"');
  screen = openScreen(place, ["node", "-e", runs(first, first, second)]);
  await allow(screen, "s");
  await screen.see("question q2");
  await new Promise((resolve) => setTimeout(resolve, 700));
  screen.press("d");
  await screen.see(/status 0\s+status 0\s+status 126/);
});
