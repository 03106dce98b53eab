import { spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
// @ts-expect-error plain JavaScript, for npm runs it before anything is compiled
import { buildShim } from "../../shims/build.js";
import { frame, openSession, run, type Session, type Step } from "./stand-in.js";

const { ENOENT, EEXIST, ENAMETOOLONG, EXDEV, EACCES, ENOTDIR } = constants.errno;
let dir: string;
let session: Session;
let from: string;
let to: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "hp-move-"));
  buildShim(join(dir, "build"));
  session = await openSession(join(dir, "build", "shim"), ["tool"], () => ({ verb: "wait" }));
});
afterAll(async () => {
  await session.close();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(() => {
  from = mkdtempSync(join(dir, "from-"));
  to = mkdtempSync(join(dir, "to-"));
  session.calls.length = 0;
});

const raw = (...fields: readonly (string | number)[]): Step => ({ verb: "raw", bytes: frame(...fields) });
const latin1 = (name: string) => Buffer.from(name, "latin1");
/** One frame `move`, then status 0. Returns the codes. */
async function move(
  names: readonly (readonly [string, string])[],
  cwd = from,
  before: readonly string[] = [],
) {
  session.behave = ({ moved }) =>
    moved === undefined
      ? raw("move", names.length, ...names.flat())
      : { verb: "exit", status: 0, message: "" };
  const [program = "", ...args] = [...before, session.program("tool")];
  const outcome = await run(program, args, { cwd });
  expect(outcome).toEqual({ status: 0, signal: null, stdout: "", stderr: "" });
  return session.calls.at(-1)?.moved;
}

describe("move", () => {
  it("names of all kinds, from where the caller stands", async () => {
    const names = [
      "a b",
      "-rf",
      "new\nline",
      "\xff\xfe",
      "x".repeat(255),
      Buffer.from("cafe\u0301").toString("latin1"),
      "$(id)",
      "*",
    ];
    for (const name of names)
      writeFileSync(Buffer.concat([latin1(`${from}/`), latin1(name)]), name, "latin1");
    expect(await move(names.map((name, at) => [name, `${to}/${at}`]))).toEqual(names.map(() => 0));
    expect(names.map((_, at) => readFileSync(join(to, String(at)), "latin1"))).toEqual(names);
    expect(readdirSync(from)).toEqual([]);
  });

  it("what vanished, has no name or too long a one fails by itself; the others go", async () => {
    for (const name of ["one", "two"]) writeFileSync(join(from, name), name);
    const names = ["one", "gone", "", "y".repeat(256), "one/below", "two"];
    const codes = [0, ENOENT, ENOENT, ENAMETOOLONG, ENOENT, 0];
    expect(await move(names.map((name, at) => [name, `${to}/${at}`]))).toEqual(codes);
    expect(readdirSync(to).sort()).toEqual(["0", "5"]);
  });

  it("nothing is written over", async () => {
    writeFileSync(join(from, "new"), "new");
    mkdirSync(join(from, "folder"));
    writeFileSync(join(to, "0"), "kept");
    mkdirSync(join(to, "1"));
    symlinkSync("/nonexistent", join(to, "2"));
    const pairs = ["new", "folder", "new"].map((name, at): [string, string] => [name, `${to}/${at}`]);
    expect(await move(pairs)).toEqual([EEXIST, EEXIST, EEXIST]);
    expect(readFileSync(join(to, "0"), "utf8")).toBe("kept");
    expect(readdirSync(from).sort()).toEqual(["folder", "new"]);
  });

  it("a link is moved itself, wherever it leads", async () => {
    const target = join(dir, "target");
    writeFileSync(target, "stays");
    symlinkSync(target, join(from, "link"));
    writeFileSync(join(from, "file"), "");
    expect(
      await move([
        ["link", `${to}/0`],
        ["file/", `${to}/1`],
      ]),
    ).toEqual([0, ENOTDIR]);
    expect(readlinkSync(join(to, "0"))).toBe(target);
    expect(readFileSync(target, "utf8")).toBe("stays");
  });

  it("while somebody else puts a link in its place again and again, one of the two is moved, and nothing else", async () => {
    const target = join(dir, "target-of-race");
    const script = 'while :; do rm -f f; echo own > f; rm -f f; ln -s "$0" f; done 2>/dev/null';
    writeFileSync(target, "stays");
    const other = spawn("/bin/sh", ["-c", script, target], { cwd: from, stdio: "ignore" });
    try {
      for (let turn = 0; turn < 20; turn++) {
        const [code] = (await move([["f", `${to}/${turn}`]])) ?? [];
        const place = join(to, String(turn));
        if (code === ENOENT) expect(existsSync(place)).toBe(false);
        else
          expect([code, lstatSync(place).isSymbolicLink() || lstatSync(place).isFile()]).toEqual([0, true]);
      }
    } finally {
      other.kill("SIGKILL");
    }
    expect([readFileSync(target, "utf8"), lstatSync(target).isFile()]).toEqual(["stays", true]);
  });

  const shm = existsSync("/dev/shm") && statSync("/dev/shm").dev !== statSync(tmpdir()).dev;
  it.skipIf(!shm)("not to another file system", async () => {
    const away = mkdtempSync("/dev/shm/hp-move-");
    try {
      writeFileSync(join(from, "f"), "here");
      expect(await move([["f", `${away}/f`]])).toEqual([EXDEV]);
      expect([readFileSync(join(from, "f"), "utf8"), readdirSync(away)]).toEqual(["here", []]);
    } finally {
      rmSync(away, { recursive: true });
    }
  });

  it("with the caller's rights, not with anybody else's", async () => {
    const isRoot = process.getuid?.() === 0;
    const plain = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"] : [];
    for (const name of ["mine", "held"]) mkdirSync(join(from, name));
    writeFileSync(join(from, "mine", "f"), "");
    writeFileSync(join(from, "held", "f"), "");
    if (isRoot) {
      for (const each of [dir, session.dir, from, join(session.dir, "bin")]) chmodSync(each, 0o755);
      chmodSync(join(session.dir, "sock"), 0o777);
      for (const each of [to, join(from, "mine")]) chownSync(each, 65534, 65534);
    }
    chmodSync(join(from, "held"), 0o555);
    const codes = await move(
      [
        ["mine/f", `${to}/0`],
        ["held/f", `${to}/1`],
      ],
      from,
      plain,
    );
    chmodSync(join(from, "held"), 0o755);
    expect(codes).toEqual([0, EACCES]);
    expect(readdirSync(to)).toEqual(["0"]);
  });

  it("three thousand at once; and back again", async () => {
    const names = Array.from({ length: 3000 }, (_, at) => `${at}-${"n".repeat(100)}`);
    for (const name of names) writeFileSync(join(from, name), "");
    const there = names.map((name, at): [string, string] => [name, `${to}/${at}`]);
    expect(await move(there)).toEqual(names.map(() => 0));
    expect([readdirSync(from).length, readdirSync(to).length]).toEqual([0, 3000]);
    expect(await move(there.map(([a, b]) => [b, a]))).toEqual(names.map(() => 0));
    expect([readdirSync(from).length, readdirSync(to).length]).toEqual([3000, 0]);
  });

  it.each<[string, readonly (string | number)[]]>([
    ["a name too few", [2, "f", "0", "f"]],
    ["a name too many", [1, "f", "0", "f"]],
    ["a count that cannot be", [2_000_000, "f", "0"]],
    ["no count", ["f", "0"]],
  ])("%s: denied before anything is moved", async (_, fields) => {
    writeFileSync(join(from, "f"), "");
    session.behave = () => raw("move", ...fields);
    const outcome = await run(session.program("tool"), [], { cwd: from });
    const stderr = "holdpoint: denied, nothing was run: the session's guard sent something unreadable\n";
    expect(outcome).toEqual({ status: 126, signal: null, stdout: "", stderr });
    expect(readdirSync(from)).toEqual(["f"]);
  });
});

describe("print", () => {
  it("comes out whole and in order, on stdout alone; the call may still run", async () => {
    const text = "removed 'x'\n".repeat(80_000);
    session.behave = () => [
      raw("print", text),
      raw("print", ""),
      raw("wait"),
      raw("print", "last\n"),
      { verb: "exec", program: "/bin/echo", argv: ["echo", "ran"] },
    ];
    const outcome = await run(session.program("tool"), []);
    expect(outcome).toEqual({ status: 0, signal: null, stdout: `${text}last\nran\n`, stderr: "" });
  });

  it.each([
    ["a reader that is gone", '"$0" | :; exit "${PIPESTATUS[0]}"'],
    ["a closed stdout", '"$0" >&-'],
    ["a full disk", '"$0" >/dev/full'],
  ])("%s changes nothing of the answer", async (_, script) => {
    session.behave = () => [raw("print", "x".repeat(500_000)), { verb: "exit", status: 7, message: "said" }];
    const outcome = await run("/bin/bash", ["-c", script, session.program("tool")]);
    expect(outcome).toEqual({ status: 7, signal: null, stdout: "", stderr: "said\n" });
  });
});

it("exec with a field too many is none", async () => {
  session.behave = () => raw("exec", "/bin/echo", 0, 1, "echo", "more");
  expect(await run(session.program("tool"), [])).toMatchObject({ status: 126, stdout: "" });
  session.behave = () => raw("exec", "/bin/echo", 0, "-", "more");
  expect(await run(session.program("tool"), [])).toMatchObject({ status: 126, stdout: "" });
});
