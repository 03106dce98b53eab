/** Folders that nobody writes credentials into: packages, what was built from other files, caches, git's own objects. */
export function isPassedFolder(name: string): boolean {
  return folders.has(name) || /\.egg-info$|^bazel-|^cmake-build-/.test(name);
}

/** Files that are no text, or lists of sums. */
export function isPassedFile(name: string): boolean {
  const dot = name.lastIndexOf(".");
  return (dot > 0 && extensions.has(name.slice(dot + 1).toLowerCase())) || locks.has(name);
}

/** What is most likely to hold some: 0 settings and stores by name, 1 other settings, 2 all else. */
export function rankOf(name: string): 0 | 1 | 2 {
  if (likeliest.test(name)) return 0;
  return likely.test(name) ? 1 : 2;
}

const likeliest =
  /^\.env|\.env$|^\.(?:netrc|npmrc|pypirc|pgpass|dockercfg|git-credentials|vault-token|boto|s3cfg|htpasswd|my\.cnf|envrc)$|credential|secret|password|\.tfvars|\.tfstate|\.pem$|\.key$|^id_(?:rsa|ed25519|ecdsa|dsa)$|service[-_]?account|^kubeconfig|token/i;
const likely =
  /config|settings|\.ya?ml$|\.properties$|\.ini$|\.toml$|\.conf$|\.cfg$|\.json$|\.sh$|\.tf$|docker|^application|\.xml$|rc$|^Makefile$|\.http$|\.ipynb$/i;

const folders = new Set(
  (
    ".git .hg .svn .jj node_modules bower_components jspm_packages vendor dist build out target .next .nuxt .svelte-kit .output .turbo .parcel-cache .vite .angular " +
    ".cache .npm .yarn .pnpm-store .gradle .terraform .venv venv site-packages __pycache__ .pytest_cache .mypy_cache .ruff_cache .tox .nox .eggs .ipynb_checkpoints " +
    "coverage .nyc_output htmlcov Pods DerivedData .dart_tool .rustup .sass-cache .serverless .aws-sam cdk.out _build deps .elixir_ls .stack-work dist-newstyle .direnv .idea"
  ).split(" "),
);

const extensions = new Set(
  (
    "png jpg jpeg gif webp avif bmp ico tif tiff psd ai eps svg heic woff woff2 ttf otf eot mp3 mp4 m4a mov avi mkv webm ogg wav flac " +
    "zip gz tgz bz2 xz zst 7z rar tar jar war ear whl egg gem nupkg deb rpm apk dmg iso img exe dll so dylib a o obj lib class pyc pyo wasm node bin dat " +
    "pdf doc docx xls xlsx ppt pptx odt parquet avro orc npy npz pkl pt onnx h5 safetensors gguf db sqlite sqlite3 mdb pack idx map lock sum snap min.js " +
    "css scss sass less styl po pot svg geojson crt cer csr pub asc sig p7b p12 pfx jks keystore gpg kdbx"
  ).split(" "),
);

const locks = new Set([
  "package-lock.json",
  "npm-shrinkwrap.json",
  "pnpm-lock.yaml",
  "packages.lock.json",
  "go.sum",
  "bun.lockb",
]);
