import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as read } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
// @ts-expect-error plain JavaScript, for npm runs it before anything is compiled
import { buildShim } from "../../shims/build.js";
import { type JudgedMarks, judgedMarks } from "../../src/broker/judged-marks.js";
import { openSession, type Session } from "./stand-in.js";

// A bash reads by itself that the broker judged its text. Here each question is refused, so that what runs went by the mark alone.

let dir: string;
let session: Session;
let marks: JudgedMarks;
const token = "Abc-123_xyzW";
const text = `echo ran; printf '%s\\n' "$1"; \${AGAIN:+exec /bin/bash -c "$BASH_EXECUTION_STRING"}\n# é\xa0`;
const builtin = '() { caller="$HOLDPOINT_LINE $$ $PATH" text=$BASH_EXECUTION_STRING; }';
// dash passes no such variable on.
const awaits = 'read -r _; exec env ${READ:+"BASH_FUNC_read%%=$READ"} /bin/bash "$@"';
const empty = () => copyFileSync("/dev/null", mark(token));

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "hp-mark-"));
  mkdirSync(join(dir, "home"));
  buildShim(join(dir, "build"));
  session = await openSession(join(dir, "build", "shim"), ["bash", "holdpoint-ask"], () => ({
    ...{ verb: "exit", status: 126, message: "refused" },
  }));
});

afterAll(async () => {
  await session.close();
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(() => {
  session.calls.length = 0;
  rmSync(mark(token), { force: true });
});

interface Shell {
  readonly options?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly starts?: string;
  /** What the mark says that does not fit. */
  readonly pid?: (pid: number) => number;
  readonly path?: string;
  readonly text?: string;
  readonly token?: string;
  /** After the mark was left. */
  readonly meanwhile?: () => void;
}

function mark(name: string): string {
  return join(session.dir, "rc", `judged.${name.slice(0, 1)}`);
}

/** Starts /bin/bash with the text in a process that the mark was left for. */
async function start(shell: Shell): Promise<readonly [status: number, stdout: string, asked: number]> {
  const rc = join(session.dir, "rc");
  const env = {
    ...{ HOME: join(dir, "home"), PATH: `${session.dir}/bin:/usr/bin:/bin`, LANG: "C.UTF-8" },
    ...{ BASH_ENV: `${rc}/bashenv.sh`, HOLDPOINT_LINE: token, SHLVL: "1", ...shell.env },
  };
  const words = [...(shell.options ?? []), "-c", text, "bash", "word"];
  const wait = shell.starts ?? awaits;
  const child = spawn("/bin/sh", ["-c", wait, "sh", ...words], { env, stdio: ["pipe", "pipe", "ignore"] });
  const pid = child.pid ?? 0;
  const call = {
    ...{ name: "bash", pid: shell.pid?.(pid) ?? pid, parentPid: 0, cwd: "/" },
    ...{ stdin: "pipe" as const, argv: ["bash", ...words], env: new Map([["BASH_ENV", env.BASH_ENV]]) },
  };
  marks = judgedMarks(rc);
  expect(marks.leave(shell.token ?? token, call, shell.path ?? env.PATH, shell.text ?? text)).toBe(true);
  shell.meanwhile?.();
  child.stdin.end("\n");
  const [stdout, [status]] = await Promise.all([read(child.stdout), once(child, "close")]);
  return [Number(status), stdout, session.calls.length];
}

test("what was judged runs, asks nobody, and is used up", async () => {
  expect(await start({})).toEqual([0, "ran\nword\n", 0]);
  expect([readFileSync(mark(token), "utf8"), marks.take(token)]).toEqual(["", false]);
});

test("fits whatever the caller set, and counts once for a process that becomes another bash", async () => {
  const env = { SHELLOPTS: "noclobber:nounset:errexit", IFS: "0", READ: "() { echo no; }" };
  expect(await start({ env })).toEqual([0, "ran\nword\n", 0]);
  rmSync(mark(token));
  expect(await start({ env: { AGAIN: "1" } })).toEqual([126, "ran\nword\n", 1]);
});

const misfits: readonly (readonly [string, Shell])[] = [
  ["another process", { pid: (pid) => pid + 1 }],
  ["another text", { text: "echo ran" }],
  ["a text that begins so", { text: `${text}x` }],
  ["a PATH with programs that nobody has seen", { path: "/usr/bin:/bin" }],
  ["another token", { token: "Another" }],
  ["a token that leads out of the folder", { env: { HOLDPOINT_LINE: `x/../judged.${token}` } }],
  ["no token", { env: { HOLDPOINT_LINE: "" } }],
  ["a login shell, whose PATH is the system's", { options: ["-l"] }],
  ["a child of that process", { starts: 'read -r _; /bin/bash "$@"; exit' }],
  ["emptied", { meanwhile: empty }],
  ["emptied, and a function that reads what fits", { env: { READ: builtin }, meanwhile: empty }],
  [
    "a link to one",
    {
      meanwhile: () => {
        copyFileSync(mark(token), join(dir, "forged"));
        rmSync(mark(token));
        symlinkSync(join(dir, "forged"), mark(token));
      },
    },
  ],
];

test.each(misfits)("is asked about: %s", async (_, shell) => {
  mkdirSync(join(session.dir, "rc", "judged.x"), { recursive: true });
  const [status, stdout, asked] = await start(shell);
  expect([status, stdout, asked > 0]).toEqual([126, "", true]);
});

test("none is left over one that waits or that somebody put there, through a link, nor where no bash would look", () => {
  marks = judgedMarks(join(session.dir, "rc"));
  const env = new Map([["BASH_ENV", join(session.dir, "rc", "bashenv.sh")]]);
  const call = { ...{ pid: 1, parentPid: 0, cwd: "/", stdin: "none" as const, argv: [] }, name: "bash", env };
  expect([marks.leave("Bcd", call, "", text), marks.leave("Bxy", call, "", text)]).toEqual([true, false]);
  expect([marks.take("Bxy"), marks.take("Bcd"), marks.take("Bcd")]).toEqual([false, true, false]);
  writeFileSync(mark("C"), "x");
  symlinkSync(join(dir, "elsewhere"), mark("D"));
  expect([
    marks.leave("Cde", call, "", text),
    marks.leave("Def", call, "", text),
    marks.leave("E", { ...call, name: "sh" }, "", text),
    marks.leave("E", { ...call, env: new Map() }, "", text),
    marks.leave("E", call, "", "x".repeat(100_000)),
    existsSync(mark("E")) || existsSync(join(dir, "elsewhere")),
  ]).toEqual([false, false, false, false, false, false]);
});

test("a shell that used its mark is not taken for one that did not, though another mark lies there by now", () => {
  marks = judgedMarks(join(session.dir, "rc"));
  const env = new Map([["BASH_ENV", join(session.dir, "rc", "bashenv.sh")]]);
  const call = { ...{ pid: 1, parentPid: 0, cwd: "/", stdin: "none" as const, argv: [] }, name: "bash", env };
  expect(marks.leave("Fgh", call, "", text)).toBe(true);
  copyFileSync("/dev/null", mark("F"));
  expect(marks.leave("Fij", call, "", text)).toBe(true);
  expect([marks.take("Fgh"), marks.take("Fij")]).toEqual([false, true]);
});
