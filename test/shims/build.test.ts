import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
// @ts-expect-error plain JavaScript, for npm runs it before anything is compiled
import { buildShim } from "../../shims/build.js";
import { openSession, run, type Session } from "./stand-in.js";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "hp-build-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("the build", () => {
  it("says which shim it made", () => {
    expect(buildShim(join(dir, "a"))).toMatchObject({ kind: "native" });
    expect(JSON.parse(readFileSync(join(dir, "a", "kind.json"), "utf8"))).toMatchObject({ kind: "native" });
  });

  it.runIf(process.platform === "linux")("says where a session can have no sandbox", () => {
    const compiler = join(dir, "cc-no-sandbox");
    const script = `#!/bin/sh\ncase "$*" in *inside.c*) exit 1 ;; esac\nexec ${process.env["CC"] ?? "cc"} "$@"\n`;
    writeFileSync(compiler, script, { mode: 0o755 });
    expect(buildShim(join(dir, "none"), compiler)).toMatchObject({ kind: "native", missing: ["inside"] });
    expect(existsSync(join(dir, "none", "inside"))).toBe(false);
    expect(existsSync(join(dir, "none", "programs"))).toBe(true);
  });

  it.runIf(process.platform === "linux" && /^(?:x64|arm64)$/.test(process.arch))(
    "needs no C library where Linux serves it, and has one where that does not link",
    () => {
      expect(buildShim(join(dir, "bare"))).toEqual({ kind: "native", linked: "bare" });
      const compiler = join(dir, "cc-without");
      writeFileSync(
        compiler,
        `#!/bin/sh\ncase " $* " in *" -nostdlib "*) exit 1 ;; esac\nexec ${process.env["CC"] ?? "cc"} "$@"\n`,
        { mode: 0o755 },
      );
      expect(buildShim(join(dir, "with"), compiler)).toMatchObject({
        kind: "native",
        linked: expect.stringMatching(/^(?:static|dynamic)$/),
      });
    },
  );

  it.each([
    ["no compiler", "no-such-cc", 'no C compiler ("no-such-cc": ENOENT)'],
    ["a compiler that fails", "false", '"false" failed: status 1'],
    ["a compiler that makes nothing", "true", '"true" failed: status 0'],
  ])("%s: the Node shim, and status 0", async (_, compiler, reason) => {
    const build = join(dir, compiler);
    const script = `import(process.argv[1]).then((it) => it.buildShim(process.argv[2], process.argv[3]))`;
    const url = new URL("../../shims/build.js", import.meta.url).href;
    const outcome = await run(process.execPath, ["-e", script, url, build, compiler]);
    expect(outcome).toMatchObject({ status: 0, stdout: "" });
    expect(outcome.stderr).toMatch(/^holdpoint: [^\n]*slower Node shim[^\n]*\n$/);
    expect(JSON.parse(readFileSync(join(build, "kind.json"), "utf8"))).toEqual({ kind: "node", reason });
    expect(existsSync(join(build, "shim"))).toBe(false);
  });
});

describe("the Node shim", () => {
  let session: Session;
  const shim = fileURLToPath(new URL("../../shims/shim.js", import.meta.url));

  beforeAll(async () => {
    const wrapper = join(dir, "wrapper");
    mkdirSync(dir, { recursive: true });
    const keep =
      '[ -z "${NODE_OPTIONS+x}" ] || { export HOLDPOINT_NODE_OPTIONS="$NODE_OPTIONS"; unset NODE_OPTIONS; }';
    writeFileSync(wrapper, `#!/bin/sh\n${keep}\nexec '${process.execPath}' '${shim}' "$0" "$@"\n`, {
      mode: 0o755,
    });
    session = await openSession(wrapper, ["tool"], () => ({ verb: "wait" }));
  });
  afterAll(() => session.close());

  it.each([
    [
      "arguments and environment",
      'for a; do echo "<$a>"; done; echo $NEW $NODE_OPTIONS $GONE',
      0,
      "<>\n<a\nb>\n1 --x\n",
    ],
    ["a status", "exit 41", 41, ""],
  ])("%s", async (_, script, status, stdout) => {
    session.behave = () => [{ verb: "wait" }, { verb: "exec", program: "/bin/sh", env: ["NEW=1", "GONE"] }];
    const env = { NODE_OPTIONS: "--x", GONE: "1" };
    const outcome = await run(session.program("tool"), ["-c", script, "x", "", "a\nb"], { env, argv0: "ls" });
    expect(outcome).toEqual({ status, signal: null, stdout, stderr: "" });
    expect(session.calls.at(-1)?.name).toBe("tool");
  });

  it("other arguments, in the place of its own", async () => {
    const argv = ["-x", "-c", 'printf "%s|" "$0" "$@"', "name", "", "b c"];
    session.behave = () => ({ verb: "exec", program: "/bin/sh", env: ["NEW=1"], argv });
    const outcome = await run(session.program("tool"), ["own"]);
    expect(outcome).toMatchObject({ status: 0, stdout: "name||b c|" });
  });

  it("a signal that ends the program ends it; one sent to it reaches the program", async () => {
    session.behave = () => ({ verb: "exec", program: "/bin/sh" });
    expect(await run(session.program("tool"), ["-c", "kill -9 $$"])).toMatchObject({ signal: "SIGKILL" });
    const trap = 'trap "echo got; exit 3" TERM; kill -TERM $PPID; while :; do sleep 0.1; done';
    expect(await run(session.program("tool"), ["-c", trap])).toMatchObject({ status: 3, stdout: "got\n" });
  });

  it.each([
    ["the end within the cap", 100, { state: "eof", bytes: "abcdef" }],
    ["more than the cap", 3, { state: "more", bytes: "abcdef" }],
  ])("gives stdin back: %s", async (_, cap, spool) => {
    session.behave = (call) =>
      call.spool === undefined ? { verb: "stdin", cap, ms: 2000 } : { verb: "exec", program: "/bin/cat" };
    const outcome = await run(session.program("tool"), [], { input: "abcdef" });
    expect(outcome).toEqual({ status: 0, signal: null, stdout: "abcdef", stderr: "" });
    expect(session.calls.at(-1)?.spool).toEqual(spool);
  });

  it("refuses with the message, and by itself when nobody answers or bytes would be lost", async () => {
    session.behave = () => ({ verb: "exit", status: 126, message: "holdpoint: denied by x" });
    expect(await run(session.program("tool"), [])).toMatchObject({
      status: 126,
      stderr: "holdpoint: denied by x\n",
    });
    session.behave = () => ({ verb: "hang-up" });
    const gone = "holdpoint: denied, nothing was run: the session's guard is gone\n";
    expect(await run(session.program("tool"), [])).toMatchObject({ status: 126, stderr: gone });
    const raw = await run("/bin/bash", ["-c", `'${session.program("tool")}' $'\\xff'`]);
    expect(raw).toMatchObject({ status: 126, stderr: expect.stringContaining("not UTF-8") });
  });
});
