import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

// ARCHITECTURE.md's table of folders is this test. Change it in a commit of its own, with the reason.
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "src");

const table = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
const rows = [...table.matchAll(/^\| `src\/([\w.-]+)`\s*\|[^|]*\|\s*([^|]*?)\s*\|$/gm)].map(
  ([, folder, may]) => ({
    folder: folder ?? "",
    may: may?.trim() ?? "",
  }),
);
const pure = new Set([
  "model",
  "shell",
  "expand",
  "readers",
  "settle",
  "scope",
  "policy",
  "sandbox",
  "judge.ts",
  "examples",
]);
const impure =
  /^(?:node:(?:child_process|net|fs|fs\/promises|http|https|tls|dgram|worker_threads|os)|pino|execa)$/;

interface Import {
  readonly file: string;
  readonly from: string;
}

const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".ts"),
);
const imports: readonly Import[] = files.flatMap((file) =>
  [...readFileSync(join(source, file), "utf8").matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(
    ([, from]) => ({
      file,
      from: from ?? "",
    }),
  ),
);

function folderOf(file: string): string {
  return file.split("/")[0] ?? "";
}

function targetOf({ file, from }: Import): string {
  return folderOf(relative(source, normalize(join(source, dirname(file), from))).replace(/\.js$/, ".ts"));
}

test("every folder stands in the table", () => {
  expect(rows.length).toBeGreaterThan(10);
  const known = new Set([...rows.map((row) => row.folder), "cli.ts"]);
  expect([...new Set(files.map(folderOf))].filter((folder) => !known.has(folder))).toEqual([]);
});

test.each(rows)("src/$folder imports only what the table allows: $may", ({ folder, may }) => {
  if (may === "everything") return;
  const allowed = new Set([folder, ...[...may.matchAll(/`?([\w.-]+)`?/g)].map(([, word]) => word ?? "")]);
  const wrong = imports
    .filter((one) => folderOf(one.file) === folder && one.from.startsWith("."))
    .filter((one) => !allowed.has(targetOf(one)));
  expect(wrong).toEqual([]);
});

test("the pure half reaches for nothing impure", () => {
  expect(imports.filter((one) => pure.has(folderOf(one.file)) && impure.test(one.from))).toEqual([]);
  const reading = files
    .filter((file) => pure.has(folderOf(file)))
    .filter((file) =>
      /\bprocess\.(?!exitCode)\w/.test(withoutTexts(readFileSync(join(source, file), "utf8"))),
    );
  expect(reading).toEqual([]);
});

/** Comments and string literals only speak of things. */
function withoutTexts(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"/g, "");
}

test("only shell and expand know the parser", () => {
  expect(imports.filter((one) => one.from === "unbash" && !/^(?:shell|expand)\//.test(one.file))).toEqual([]);
});
