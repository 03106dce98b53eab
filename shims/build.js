// Compiles the shim into shims/build/. Without a compiler the Node shim does the same job, slower; build/kind.json says which
// one is there, for the launcher and `holdpoint doctor`.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const sources = ["shim.c", "wire.c", "stdin.c"].map((name) => join(here, name));
const warnings = ["-std=c11", "-O2", "-Wall", "-Wextra"];

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) buildShim();

/** Returns what it wrote into `kind.json`: `{kind: "native", linked: "static" | "dynamic"}` or `{kind: "node", reason}`. */
export function buildShim(build = join(here, "build"), compiler = process.env["CC"] ?? "cc") {
  mkdirSync(build, { recursive: true });
  const made = compile(join(build, "shim"), compiler);
  if (made.kind === "node")
    console.error(
      `holdpoint: ${made.reason}: the slower Node shim is used (install a C compiler, then run npm rebuild)`,
    );
  else if (compile(join(build, "leader"), compiler, [join(here, "leader.c")]).kind === "node")
    console.error("holdpoint: the relay's leader does not compile here: Ctrl-Z stops fewer programs");
  writeFileSync(join(build, "kind.json"), `${JSON.stringify(made)}\n`);
  return made;
}

function compile(target, compiler, from = sources) {
  rmSync(target, { force: true });
  let reason = "";
  for (const linked of ["static", "dynamic"]) {
    const args = [...warnings, ...(linked === "static" ? ["-static"] : []), "-s", "-o", target, ...from];
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

/** A shim outside any session denies with status 126, as a leader without a program does: whatever else happens, it does not run here. */
function starts(target) {
  return spawnSync(target, [], { stdio: "ignore", timeout: 10_000 }).status === 126;
}
