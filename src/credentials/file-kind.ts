/** What a file's path says of the texts in it: how values are written there, and how much a telling name weighs. */
export interface FileKind {
  /**
   * `settings`: made to hold values, so that even a weak password is one. `code`: most strings are something else.
   * `prose`: speaks of things, so that only what looks random counts. `locked`: sums and hashes, which resemble tokens.
   */
  readonly role: "settings" | "code" | "prose" | "locked";
  /** Values stand without quotes, too. */
  readonly isBare: boolean;
  /** Made to be filled in (`.env.example`), or to test with: what is found there is hardly ever in use. */
  readonly isSample: boolean;
}

/** `path`: from the folder that is looked through. Of an absolute one only the name counts: `/home/me/test` says nothing. */
export function describeFile(path: string): FileKind {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const folders = path.startsWith("/") ? "" : path.slice(0, -name.length).toLowerCase();
  const isSample = sampleName.test(name) || testName.test(name) || testFolder.test(folders);
  if (translations.test(folders)) return { role: "prose", isBare: false, isSample };
  // `.env.example` is written as `.env` is.
  const plain = name.replace(/[._-](?:example|sample|template|tmpl|dist|default|j2|tpl|erb)(?=$|\.)/g, "");
  const form = formOf(plain);
  return { ...form, isSample: isSample || (form.role === "prose" && manual.test(folders)) };
}

type Form = Omit<FileKind, "isSample">;

function formOf(name: string): Form {
  if (lockName.test(name)) return { role: "locked", isBare: false };
  if (/^\.env|\.env$|\.envrc$|^(?:docker-)?compose\b.*\.ya?ml$/.test(name)) return bareSettings;
  const extension = /\.([a-z0-9]+)$/.exec(name)?.[1] ?? "";
  // A name without an extension, `credentials` or `.netrc`, is a setting or a script.
  if (extension === "" || name === `.${extension}`) return bareSettings;
  if (bare.has(extension)) return bareSettings;
  if (quoted.has(extension)) return { role: "settings", isBare: false };
  if (prose.has(extension)) return { role: "prose", isBare: true };
  return code.has(extension) ? { role: "code", isBare: false } : { role: "prose", isBare: true };
}

const bareSettings: Form = { role: "settings", isBare: true };

const sampleName =
  /(?:^|[._-])(?:example|examples|sample|template|tmpl|dist|defaults?|skeleton|stub|dummy|mock|fixture|demo)(?:[._-]|$)/;
const testName =
  /[._-](?:test|tests|spec|cy|e2e|stories|snap|mock)\.[a-z]+$|^test[_-]|[_-]tests?\.[a-z]+$|^conftest\.py$|tests?\.(?:java|kt|cs|swift|php|scala)$/;
const testFolder =
  /(?:^|\/)(?:[\w.-]*[_.-])?(?:tests?(?:[_-][\w-]{1,30})?|__tests?__|specs?|fixtures?|testdata|test-data|mocks?|__mocks__|__snapshots__|e2e|cypress|examples?|samples?|stories|testing|testutils?|src\/(?:test|[a-z]+Test))\//i;
const translations = /(?:^|\/)(?:locales?|lang|langs|languages?|i18n|l10n|intl|translations?|messages)\//;
const manual = /(?:^|\/)(?:docs?|documentation|website|wiki|guides?|tutorials?|man|content)\//;
const lockName =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|composer\.lock|cargo\.lock|gemfile\.lock|poetry\.lock|pipfile\.lock|uv\.lock|pdm\.lock|go\.sum|flake\.lock|packages\.lock\.json|mix\.lock|podfile\.lock|gradle\.lockfile|deno\.lock|pubspec\.lock|\.terraform\.lock\.hcl|sha(?:1|256|512)sums?(?:\.txt)?|checksums?(?:\.txt)?)$|\.(?:sha\d+|md5|sum|sig|asc|minisig|map|svg|pot?|geojson|srt|vtt|diff|patch|snap|pem\.pub|pub|crt|cer|csr|enc|gpg|sops)$/;

const bare = new Set(
  "env properties ini cfg cnf conf config yaml yml tfrc envrc sh bash zsh fish ksh ps1 psm1 bat cmd mk make dockerfile service desktop netrc pgpass npmrc yarnrc pypirc credentials secrets secret txtenv http rest curlrc wgetrc s3cfg boto".split(
    " ",
  ),
);
const quoted = new Set(
  "json jsonc json5 toml tf tfvars hcl tfstate backup xml plist har ipynb webmanifest nomad".split(" "),
);
const prose = new Set(
  "csv tsv md mdx markdown rst txt adoc asciidoc org tex html htm xhtml log sql eml".split(" "),
);
const code = new Set(
  "ts tsx mts cts js jsx mjs cjs vue svelte astro py pyi pyx rb erb rake go rs java kt kts scala groovy gradle clj cljs cs fs vb php pl pm lua c h cc cpp hpp m mm swift dart ex exs erl hrl hs ml r jl nim zig sol elm proto graphql gql css scss sass less styl pug hbs ejs twig jinja j2 tmpl cmake bzl bazel nix el vim dockerignore coffee cr d pas asm s v sv vhd cshtml razor aspx jsp".split(
    " ",
  ),
);
