import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cli, execute, makePlace, type Outcome, type Place, root } from "./session.js";

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  mkdirSync(join(place.workspace, "sub"));
});
afterAll(() => place.remove());

const manifest = `version: 1
purpose: mend the deploy
environments:
  staging: { allow: [read, modify], hosts: ["*.staging.example"], postgres: [/app], files: [config/**] }
  production: { allow: [], never: [delete], aws: { accounts: ["210987654321"] } }
files: { write: ["src/**"], never: ["~/.aws", "/etc/shadow"] }
credentials:
  - { name: the token of the staging deploy, from: env:DEPLOY_TOKEN, allow: [staging] }
backups:
  - { for: { provider: railway }, evidence: ./age, max_age: 36h }
`;
const wrong = "version: 1\nfiles:\n  nevr: [a]\n  read: ['!x']\n";
const told = [
  ':3:3: "files.nevr": is not known; did you mean "never"?',
  ':4:10: "files.read.0": cannot begin with "!": name what is meant, and what is not under "never"',
];

beforeEach(() => {
  write("holdpoint.yaml", manifest);
  write("wrong.yaml", wrong);
});

function write(name: string, text: string | Buffer): void {
  writeFileSync(join(place.workspace, name), text);
}

function holdpoint(args: readonly string[], cwd = "", input = ""): Promise<Outcome> {
  const env = { ...place.env, DEPLOY_TOKEN: "very-secret-value" };
  return execute(process.execPath, [cli, ...args], { cwd: join(place.workspace, cwd), env, input });
}

function errors(file: string): string {
  return told.map((one) => `holdpoint: ${file}${one}\n`).join("");
}

describe("scope check", () => {
  test("what holds here, from a folder below", async () => {
    expect(await holdpoint(["scope", "check"], "sub")).toEqual({
      status: 0,
      stdout: `${place.workspace}/holdpoint.yaml: valid (2 environments, 3 globs of files, 1 credential, 1 backup)\n`,
      stderr: "",
    });
  });

  test("what holds here is wrong", async () => {
    write("holdpoint.yaml", wrong);
    expect(await holdpoint(["scope", "check"])).toEqual({
      status: 2,
      stdout: "",
      stderr: errors(`${place.workspace}/holdpoint.yaml`),
    });
  });

  test("files that are named, as they are named", async () => {
    write("bytes.yaml", Buffer.from([0x76, 0x3a, 0xff]));
    const files = ["../holdpoint.yaml", "../wrong.yaml", "../none.yaml", "../bytes.yaml"];
    expect(await holdpoint(["scope", "check", ...files], "sub")).toEqual({
      status: 2,
      stdout: "../holdpoint.yaml: valid (2 environments, 3 globs of files, 1 credential, 1 backup)\n",
      stderr: `${errors("../wrong.yaml")}holdpoint: ../none.yaml: cannot be read: no such file\nholdpoint: ../bytes.yaml:1:3: is not UTF-8\n`,
    });
  });

  test("none holds here", async () => {
    const { status, stdout, stderr } = await execute(process.execPath, [cli, "scope", "check"], {
      cwd: place.outside,
      env: place.env,
    });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("no holdpoint.yaml holds here");
  });
});

test("scope schema prints the schema that the package has", async () => {
  const { status, stdout } = await holdpoint(["scope", "schema"]);
  expect(status).toBe(0);
  expect(stdout).toBe(readFileSync(join(root, "schema", "holdpoint.schema.json"), "utf8"));
});

describe("scope", () => {
  test.each([[["scope"]], [["scope", "show"]]])("%j, in words", async (args) => {
    const { status, stdout, stderr } = await holdpoint(args, "sub");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.split("\n").map((line) => line.trimEnd())).toEqual(
      `${place.workspace}/holdpoint.yaml
  not trusted, so it only tightens (to let it allow what it says: holdpoint
  trust)
    purpose       mend the deploy
  environment staging
    allowed       read, modify; anything else is asked about
    hosts         *.staging.example
    postgres      /app
    files         config/**
  environment production
    allowed       nothing
    never         delete
    AWS accounts  210987654321
  files
    read          anything
    write         src/**
    never         ~/.aws, /etc/shadow
  credentials
    the token of the staging deploy
                  from env:DEPLOY_TOKEN, for staging
  backups
    ask           provider railway; evidence: ./age, at most 36 h old

`.split("\n"),
    );
  });

  test.each([[["scope", "--json"]], [["scope", "show", "--json"]]])("%j", async (args) => {
    const { status, stdout } = await holdpoint(args);
    expect(status).toBe(0);
    expect(stdout).not.toContain("very-secret-value");
    expect(JSON.parse(stdout)).toEqual({
      manifests: [
        {
          file: `${place.workspace}/holdpoint.yaml`,
          folder: place.workspace,
          trusted: false,
          remembered: false,
          purpose: "mend the deploy",
          environments: [
            {
              name: "staging",
              allow: ["read", "modify"],
              never: [],
              labels: [
                { kind: "host", value: "*.staging.example" },
                { kind: "database", value: "/app", engine: "postgres" },
                { kind: "file", value: `${place.workspace}/config/**` },
              ],
            },
            {
              name: "production",
              allow: [],
              never: ["delete"],
              labels: [{ kind: "aws-account", value: "210987654321" }],
            },
          ],
          files: {
            read: null,
            write: [`${place.workspace}/src/**`],
            never: [`${place.home}/.aws`, "/etc/shadow"],
          },
          credentials: [
            { name: "the token of the staging deploy", from: "env:DEPLOY_TOKEN", allow: ["staging"] },
          ],
          backups: [{ for: { provider: ["railway"] }, evidence: "./age", maxAge: 36 * 3_600_000 }],
        },
      ],
    });
  });

  test("one that is named holds as well", async () => {
    write("more.yaml", "version: 1\nfiles: {never: [secrets]}\n");
    const { stdout } = await holdpoint(["scope", "--json", "--scope", "../more.yaml"], "sub");
    const { manifests }: { manifests: readonly { file: string }[] } = JSON.parse(stdout);
    expect(manifests.map(({ file }) => file).sort()).toEqual([
      `${place.workspace}/holdpoint.yaml`,
      `${place.workspace}/more.yaml`,
    ]);
  });

  test("what a manifest says moves no cursor", async () => {
    write("holdpoint.yaml", 'version: 1\n"\\e[2J\\u202e": 1\n');
    const { status, stderr } = await holdpoint(["scope"]);
    expect(status).toBe(2);
    expect(stderr).toContain('"<U+001B>[2J<U+202E>": is not known');
  });
});

describe("nothing starts with a manifest that cannot be used", () => {
  test.each<[string, readonly string[]]>([
    ["run", ["-q", "--scope", "wrong.yaml", "--", "echo", "ran"]],
    ["explain", ["explain", "--scope", "wrong.yaml", "ls"]],
    ["explain, from another folder", ["explain", "--cwd", "/", "--scope", "wrong.yaml", "ls"]],
    ["explain --batch", ["explain", "--batch", "--scope", "wrong.yaml"]],
    ["scope", ["scope", "--scope", "wrong.yaml"]],
  ])("%s", async (_, args) => {
    expect(await holdpoint(args, "", '{"line":"ls"}\n')).toEqual({
      status: 2,
      stdout: "",
      stderr: errors(`${place.workspace}/wrong.yaml`),
    });
  });

  test("a session that runs takes no other one", async () => {
    const command = [process.execPath, cli, "-q", "--scope", "holdpoint.yaml", "--", "echo", "ran"];
    const { status, stdout, stderr } = await place.run({ command });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("--scope: a session that runs takes no further manifest");
  });

  test("one that can be used", async () => {
    expect(await holdpoint(["-q", "--scope", "holdpoint.yaml", "--", "echo", "ran"])).toMatchObject({
      status: 0,
      stdout: "ran\n",
    });
  });
});
