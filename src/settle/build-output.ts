/** A name under which tools put what they can make again. */
export interface BuildOutput {
  /** Only tools write there; what looks like a secret or a database inside came in a package. */
  readonly isVendored: boolean;
  /** Counts where git ignores it; the others also by evidence of their own: what stands beside or in them. */
  readonly proof: Proof | undefined;
}

export type Proof =
  /** Nothing else has this name. */
  | { readonly kind: "name" }
  | { readonly kind: "beside"; readonly file: string }
  | { readonly kind: "inside"; readonly file: string };

export function findFolderOutput(name: string, parent: string): BuildOutput | undefined {
  return folders.get(name) ?? (parent === "vendor" && name === "bundle" ? vendored : findByPattern(name));
}

/** Single files that tools make again. */
export function findFileOutput(name: string): BuildOutput | undefined {
  if (/\.py[co]$/.test(name)) return { isVendored: true, proof: { kind: "name" } };
  return /\.(o|lo|gcda|gcno|class|tsbuildinfo)$|^(\.DS_Store|\.eslintcache|\.stylelintcache|\.coverage|Thumbs\.db)$/.test(
    name,
  )
    ? vendored
    : undefined;
}

/** Secrets and data, which are nobody's output even when they lie among it. */
export function isPrecious(name: string): boolean {
  if (/^\.env\.(example|sample|template|dist|defaults)$/.test(name)) return false;
  return /^\.env($|\.)|\.(db|db3|sqlite3?|mdb|rdb|tfstate|pem|key|p12|pfx|jks|keystore|kdbx|dump|sql|bak)$|\.tfstate\.|^id_(rsa|dsa|ecdsa|ed25519)|^(credentials|secrets?)(\.|$)/i.test(
    name,
  );
}

const vendored: BuildOutput = { isVendored: true, proof: undefined };
const mixed: BuildOutput = { isVendored: false, proof: undefined };
const byName: BuildOutput = { isVendored: true, proof: { kind: "name" } };
const tagged: BuildOutput = { isVendored: true, proof: { kind: "inside", file: "CACHEDIR.TAG" } };
const environment: BuildOutput = { isVendored: true, proof: { kind: "inside", file: "pyvenv.cfg" } };

function findByPattern(name: string): BuildOutput | undefined {
  return /^(bazel-.+|cmake-build-.+|.+\.egg-info)$/.test(name) ? vendored : undefined;
}

const folders: ReadonlyMap<string, BuildOutput> = new Map([
  ["node_modules", { isVendored: true, proof: { kind: "beside", file: "package.json" } }],
  ...entries(byName, "__pycache__", ".pytest_cache"),
  ...entries(tagged, ".mypy_cache", ".ruff_cache", "target"),
  ...entries(environment, ".venv", "venv"),
  ...entries(
    vendored,
    ".next",
    ".nuxt",
    ".turbo",
    ".parcel-cache",
    ".svelte-kit",
    ".angular",
    ".vite",
    ".expo",
  ),
  ...entries(
    vendored,
    ".docusaurus",
    ".sass-cache",
    ".nyc_output",
    ".gradle",
    ".tox",
    ".nox",
    ".eggs",
    "htmlcov",
  ),
  ...entries(
    vendored,
    "__pypackages__",
    ".dart_tool",
    ".stack-work",
    "dist-newstyle",
    ".zig-cache",
    "zig-cache",
  ),
  ...entries(vendored, "zig-out", "elm-stuff", "bower_components", "DerivedData"),
  ...entries(mixed, "dist", "build", "out", "coverage", "tmp", ".cache", ".output"),
]);

function entries(output: BuildOutput, ...names: readonly string[]): [string, BuildOutput][] {
  return names.map((name) => [name, output]);
}
