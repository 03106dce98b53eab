import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Choice, endSession } from "../../src/launcher/ending.js";
import { makeSessionDirectory, type SessionDirectory } from "../../src/launcher/session-dir.js";

let base: string;
let directory: SessionDirectory;
let child: ChildProcess | undefined;

beforeEach(async () => {
  base = mkdtempSync(join(realpathSync(tmpdir()), "hp-end-"));
  mkdirSync(join(base, "rc"));
  const path = join(base, "shim");
  writeFileSync(path, "#!/bin/sh\nexit 126\n", { mode: 0o755 });
  const places = [{ folder: join(base, "run"), prefix: "" }];
  directory = await makeSessionDirectory({ places, shim: { kind: "native", path }, rc: join(base, "rc") });
  writeFileSync(directory.socket, "");
});

afterEach(() => {
  child?.kill("SIGKILL");
  child = undefined;
  rmSync(base, { recursive: true, force: true });
});

/** Something of this session that outlives its command. */
function leave(): ChildProcess {
  const env = { PATH: "/usr/bin:/bin", HOLDPOINT_SESSION: directory.id };
  child = spawn("sleep", ["60"], { env, stdio: "ignore" });
  return child;
}

async function end(choice: Choice | undefined): Promise<readonly string[]> {
  const said: string[] = [];
  await endSession({
    directory,
    linked: () => ["bash", "rm", "env"],
    findReal: (name) => (name === "env" ? undefined : `/usr/bin/${name}`),
    say: (line) => said.push(line),
    choose: choice === undefined ? undefined : async () => choice,
    stop: async () => {},
    close: () => {},
  });
  return said;
}

test("with nothing left over, nothing is left behind", async () => {
  expect(await end(undefined)).toEqual([]);
  expect(readdirSync(join(base, "run"))).toEqual([]);
});

test.each([undefined, "leave" as const])(
  "left over and %s: named; what only starts others may go on",
  async (choice) => {
    const { pid } = leave();
    expect((await end(choice))[0]).toBe(`still running in this session: ${pid} (sleep 60)`);
    const after = join(directory.path, "after");
    expect(readdirSync(after).toSorted()).toEqual(["bash", "holdpoint-ask"]);
    expect(["bash", "holdpoint-ask"].map((name) => readlinkSync(join(after, name)))).toEqual([
      "/usr/bin/bash",
      "/usr/bin/true",
    ]);
    expect([existsSync(directory.socket), existsSync(directory.fifos), existsSync(directory.bin)]).toEqual([
      false,
      false,
      true,
    ]);
  },
);

test("left over, and the human ends them", async () => {
  const gone = new Promise((resolve) => leave().on("exit", (_, signal) => resolve(signal)));
  await end("end");
  expect([await gone, readdirSync(join(base, "run"))]).toEqual(["SIGTERM", []]);
});

test("left over, and guarded until they are done", async () => {
  const process = leave();
  setTimeout(() => process.kill(), 300);
  await end("keep");
  expect(readdirSync(join(base, "run"))).toEqual([]);
});
