// node bench/credentials.js [FILES]: how long 20,000 files of a workspace take to be looked through for credentials. One line.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const count = Number(process.argv[2] ?? 20_000);
const folder = mkdtempSync(join(process.getuid?.() === 0 ? "/var/lib" : homedir(), "holdpoint-bench-"));
const built = mkdtempSync(join(tmpdir(), "holdpoint-bench-"));
// The same each time.
let seed = 42;

try {
  const planted = 25;
  const bytes = writeTree(planted);
  await build({
    entryPoints: {
      scan: join(root, "src/credentials/scan.ts"),
      second: join(root, "src/credentials/second-thread.ts"),
      thread: join(root, "src/commands/credential-thread.ts"),
    },
    bundle: true,
    platform: "node",
    format: "esm",
    outdir: built,
    outExtension: { ".js": ".mjs" },
    logLevel: "error",
  });
  const load = (name) => import(pathToFileURL(join(built, `${name}.mjs`)).href);
  const { scanFiles } = await load("scan");
  const { openSecond } = await load("second");
  const second = () => openSecond(join(built, "thread.mjs"));
  const start = performance.now();
  const before = process.cpuUsage();
  const { found, files, complete } = await scanFiles({ roots: [folder], budget: 60_000, second });
  const took = Math.round(performance.now() - start);
  const { user, system } = process.cpuUsage(before);
  const hits = found.filter(({ file }) => file.includes("planted")).length;
  console.log(
    `${files} files, ${Math.round(bytes / 1e6)} MB: ${took} ms (aim: under 2000 for 20000), of the processor ${Math.round((user + system) / 1000)} ms${complete ? "" : ", not all"}; ` +
      `${hits} of ${planted} planted found, ${found.length - hits} others`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
  rmSync(built, { recursive: true, force: true });
}

/** Pieces of this repository's own texts, in folders of twenty; half of the files below 2.3 kB, the mean about 6, as in public repositories. */
function writeTree(planted) {
  const texts = ["src", "test", "docs", "rules", "shims"].flatMap((name) =>
    readdirSync(join(root, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|md|yaml|c|json|sh|bash|zsh)$/.test(entry.name))
      .filter((entry) => !/test[/\\]credentials/.test(join(entry.parentPath, "")))
      .map((entry) => ({ text: readFileSync(join(entry.parentPath, entry.name), "utf8"), name: entry.name })),
  );
  let bytes = 0;
  for (let at = 0; at < count; at++) {
    const under = join(folder, `area-${Math.floor(at / 400)}`, `part-${Math.floor(at / 20) % 20}`);
    if (at % 20 === 0) mkdirSync(under, { recursive: true });
    const size = Math.min(400_000, Math.round(2300 * Math.exp(1.35 * normal())));
    const { text, name } = texts[Math.floor(random() * texts.length)];
    const from = Math.floor(random() * Math.max(0, text.length - size));
    const content = text.repeat(Math.ceil(size / Math.max(1, text.length))).slice(from, from + size);
    bytes += content.length;
    writeFileSync(join(under, `${at}-${name}`), content);
  }
  for (let at = 0; at < planted; at++) {
    const secret = Array.from(
      { length: 40 },
      () => "0123456789abcdefghijklmnopqrstuvwxyz"[Math.floor(random() * 36)],
    );
    writeFileSync(
      join(folder, `area-${at % 7}`, `planted-${at}.env`),
      `PORT=80\nSERVICE_TOKEN=${secret.join("")}\n`,
    );
  }
  return bytes;
}

function random() {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

function normal() {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
