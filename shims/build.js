// Compiles the shim, the relay's leader and pump, and the terminal's shell into shims/build/. Without a compiler the Node shim and a script do
// the same job, slower, and the relay does without; build/kind.json says which are there, for the launcher and `holdpoint doctor`.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const programs = { shim: ["shim.c", "wire.c", "fields.c", "stdin.c", "handed.c"], shell: ["shell.c"] };
/**
 * Without the leader Ctrl-Z stops fewer programs, without the pump output is slower, without the peer nobody can answer from
 * another terminal, without the steward sessions start and end slower.
 */
const helpers = {
  leader: ["leader.c"],
  peer: ["peer.c"],
  pump: ["pump.c", "plain.c"],
  steward: ["steward.c", "steward-folders.c", "steward-left.c"],
};
/** Without these two no session has a sandbox; only Linux has what they use. `kind.json` names those that are missing. */
const sandbox = {
  inside: ["inside.c", "layers.c", "powers.c", "calls.c", "forward.c", "link.c"],
  programs: ["programs.c"],
};
const isLinux = process.platform === "linux";
/** Loaded into the programs of a session with --net. */
const libraries = isLinux ? { "reach.so": ["reach.c", "reach-names.c"] } : {};
const warnings = ["-std=c11", "-O2", "-Wall", "-Wextra"];
/** Ways to link. The shim is started for each call, so it goes without a C library where it can: see bare-system.c. */
const ways = {
  bare: ["-static", "-nostdlib", "-fno-builtin", "-fno-stack-protector", "-U_FORTIFY_SOURCE"],
  static: ["-static"],
  dynamic: [],
};
const bareSources = ["bare-system.c", "bare-text.c"];

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) buildShim();

/** Returns what it wrote into `kind.json`: `{kind: "native", linked: "bare" | "static" | "dynamic", missing?}` or `{kind: "node", reason}`. */
export function buildShim(build = join(here, "build"), compiler = process.env["CC"] ?? "cc") {
  mkdirSync(build, { recursive: true });
  const names = Object.keys(programs);
  const [made, ...others] = names.map((name) => compile(name, build, compiler));
  // All or none: each counts on the others.
  const failed = [made, ...others].find(({ kind }) => kind === "node");
  if (failed) {
    for (const name of names) rmSync(join(build, name), { force: true });
    console.error(
      `holdpoint: ${failed.reason}: the slower Node shim is used (install a C compiler, then holdpoint again)`,
    );
  }
  for (const name of Object.keys(helpers))
    if (failed) rmSync(join(build, name), { force: true });
    else compile(name, build, compiler);
  const missing = Object.keys(sandbox).filter((name) => {
    if (isLinux && !failed) return compile(name, build, compiler).kind === "node";
    rmSync(join(build, name), { force: true });
    return true;
  });
  for (const [name, sources] of Object.entries(libraries))
    if (failed) rmSync(join(build, name), { force: true });
    else compileLibrary(name, sources, build, compiler);
  const outcome = failed ?? (missing.length > 0 ? { ...made, missing } : made);
  writeFileSync(join(build, "kind.json"), `${JSON.stringify(outcome)}\n`);
  return outcome;
}

function compile(name, build, compiler) {
  const target = join(build, name);
  rmSync(target, { force: true });
  let reason = "";
  for (const linked of Object.keys(ways)) {
    if (linked === "bare" && name !== "shim") continue;
    const names = [
      ...(programs[name] ?? helpers[name] ?? sandbox[name]),
      ...(linked === "bare" ? bareSources : []),
    ];
    const sources = names.map((source) => join(here, source));
    const args = [...warnings, ...ways[linked], "-s", "-o", target, ...sources];
    const run = spawnSync(compiler, args, { encoding: "utf8", timeout: 120_000 });
    if (run.error)
      return {
        kind: "node",
        reason: `no C compiler ("${compiler}": ${run.error.code ?? run.error.message})`,
      };
    if (run.status === 0 && starts(target)) return { kind: "native", linked };
    reason = `"${compiler}" failed: ${run.stderr.split("\n").find((line) => line.includes("error")) ?? `status ${run.status}`}`;
  }
  rmSync(target, { force: true });
  return { kind: "node", reason };
}

/** Without it, only those programs go by the proxy that are told to. */
function compileLibrary(name, sources, build, compiler) {
  const target = join(build, name);
  rmSync(target, { force: true });
  const files = sources.map((source) => join(here, source));
  const args = [...warnings, "-shared", "-fPIC", "-s", "-o", target, ...files, "-ldl"];
  const { status } = spawnSync(compiler, args, { stdio: "ignore", timeout: 120_000 });
  if (status !== 0) rmSync(target, { force: true });
}

/** A shim outside any session, and the others without words, end with status 126: whatever else happens, they do not run here. */
function starts(target) {
  return spawnSync(target, [], { stdio: "ignore", timeout: 10_000 }).status === 126;
}
