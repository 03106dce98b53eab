import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openRun, type RunOptions } from "../../src/preview/child.js";
import { rememberPrograms } from "../../src/preview/known-programs.js";
import { createScratch, gitProgram } from "../world/scratch.js";

// What runs for a preview is no part of the session: nothing that an agent sets or writes makes it run other code.

const folder = mkdtempSync(join(tmpdir(), "holdpoint-child-"));
const scratch = createScratch();
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  scratch.remove();
});

const at = (path: string) => ({ find: () => ({ path }) });

function run(
  program: string,
  args: readonly string[],
  options?: RunOptions & { vars?: Record<string, string>; signal?: AbortSignal },
) {
  const { vars = {}, signal = new AbortController().signal, ...rest } = options ?? {};
  return openRun({ programs: at(program), env: new Map(Object.entries(vars)), cwd: folder, signal })(
    "x",
    args,
    rest,
  );
}

test("of the call's environment it gets who and where the user is, and what is asked for; never what loads code", async () => {
  const vars = {
    ...{
      HOME: "/h",
      LANG: "C",
      PATH: "/evil",
      AWS_REGION: "r",
      AWS_PAGER: "evil",
      OTHER: "o",
      EDITOR: "evil",
    },
    ...{
      LD_PRELOAD: "/evil.so",
      LD_LIBRARY_PATH: "/evil",
      OPENSSL_CONF: "/evil",
      PYTHONPATH: "/evil",
      NODE_OPTIONS: "-r evil",
      PERL5OPT: "-Mevil",
    },
    ...{
      BASH_ENV: "/evil",
      ENV: "/evil",
      HOLDPOINT_SESSION: "s",
      GIT_ASKPASS: "evil",
      SSLKEYLOGFILE: "/evil",
    },
  };
  const ran = await run("/usr/bin/env", [], { vars, keeps: /./, env: { OWN: "1" } });
  const names = (ran.kind === "ended" ? ran.out : "").trim().split("\n").sort();
  expect(names).toEqual([
    "AWS_REGION=r",
    "HOME=/h",
    "LANG=C",
    "NO_COLOR=1",
    "OTHER=o",
    "OWN=1",
    "PAGER=cat",
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/bin",
    "TERM=dumb",
  ]);
  const bare = await run("/usr/bin/env", [], { vars });
  expect(bare.kind === "ended" && bare.out.includes("OTHER")).toBe(false);
});

test("it has no terminal and nothing to read but what it is given", async () => {
  const shell = "cat; (: < /dev/tty) 2>/dev/null || echo none";
  expect(await run("/bin/sh", ["-c", shell], { input: "given\n" })).toMatchObject({
    out: "given\nnone\n",
    status: 0,
  });
  expect(await run("/bin/sh", ["-c", shell])).toMatchObject({ out: "none\n" });
});

test("when its time is over it is gone with all that it started, and what it said by then is kept", async () => {
  const over = new AbortController();
  const file = join(folder, "pid");
  const ran = run(
    "/bin/sh",
    ["-c", `echo said; sleep 1000 & echo $! > ${file}.new; mv ${file}.new ${file}; wait`],
    { signal: over.signal },
  );
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 10));
  over.abort();
  expect(await ran).toEqual({ kind: "late", out: "said\n", err: "" });
  const pid = readFileSync(file, "utf8").trim();
  // Whoever adopts it takes a moment to notice.
  const isGone = () => {
    try {
      return / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    } catch {
      return true;
    }
  };
  while (!isGone()) await new Promise((resolve) => setTimeout(resolve, 10));
});

test("whoever says too much is cut off", async () => {
  const ran = await run("/usr/bin/yes", []);
  expect(ran.kind === "ended" && [ran.isCut, ran.out.length]).toEqual([true, 256 * 1024]);
});

test("what cannot be started is a reason", async () => {
  expect(await run(join(folder, "nothing"), [])).toMatchObject({ kind: "failed" });
});

test("only programs as they were at the start, and none of the workspace", () => {
  for (const name of ["same", "changed", "gone"]) scratch.write(`bin/${name}`, "#!/bin/sh\n");
  for (const path of ["bin/other", "work/own"]) scratch.write(path, "#!/bin/sh\necho evil\n");
  const world = scratch.open("work");
  const [bin, own] = [join(scratch.root, "bin"), join(scratch.root, "work", "own")];
  const real: Readonly<Record<string, string | undefined>> = { own, git: gitProgram };
  const find = (name: string) => (name === "none" ? undefined : (real[name] ?? join(bin, name)));
  const programs = rememberPrograms(["same", "changed", "gone", "own", "none", "git"], find, world);
  renameSync(join(bin, "other"), join(bin, "changed"));
  rmSync(join(bin, "gone"));
  expect(programs.find("same")).toEqual({ path: join(bin, "same") });
  expect(programs.find("git")).toEqual({ path: gitProgram });
  for (const name of ["changed", "gone"])
    expect(programs.find(name)).toEqual({
      reason: `"${join(bin, name)}" is not started: it was changed since the session began`,
    });
  expect(programs.find("own")).toEqual({
    reason: `"${own}" is not started: it lies where the session works`,
  });
  expect([programs.find("none"), programs.find("later")]).toEqual([
    { reason: "none is not installed" },
    { reason: "later is not installed" },
  ]);
});
