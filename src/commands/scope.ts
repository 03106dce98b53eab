import { jsonText } from "../model/json-text.js";
import type { LabelKind, Manifest, ScopeBackup, ScopeEnvironment, ScopeLabel } from "../model/scope.js";
import { shownGlob } from "../scope/shown-glob.js";
import { findManifests, type Held } from "./manifests.js";
import { Page } from "./page.js";
import type { Places } from "./places.js";
import type { Terminal } from "./terminal.js";

interface ShowFlags {
  readonly json?: true;
  readonly scope?: string;
}

/** `holdpoint scope [show]`: the manifests that hold here, in words. Throws UsageError where one cannot be used. */
export async function showScope(flags: ShowFlags, places: Places, terminal: Terminal): Promise<number> {
  const held = await findManifests({ cwd: process.cwd(), env: process.env, named: flags.scope }, places);
  if (flags.json) {
    terminal.print(jsonText({ manifests: held.map(manifestJson) }, 1));
    return 0;
  }
  if (held.length === 0) {
    terminal.print("no holdpoint.yaml holds here; what one says: docs/scope-manifest.md");
    return 0;
  }
  const page = new Page(terminal);
  for (const one of held) sayManifest(one, places.home, page);
  if (held.length > 1) page.plain("All of them hold together; the strictest answer counts.", "dim");
  for (const row of page.rows) terminal.print(row);
  return 0;
}

function sayManifest({ manifest, from }: Held, home: string, page: Page): void {
  const { file, purpose, environments, credentials, backups } = manifest;
  const short = (globs: readonly string[]) => globs.map((glob) => shortGlob(glob, manifest.folder, home));
  page.whole(file, "bold");
  page.wrapped("", 2, [{ text: standing(manifest, from), look: manifest.isTrusted ? "plain" : "dim" }]);
  if (purpose !== undefined) row("purpose", purpose, page);
  for (const one of environments) sayEnvironment(one, short, page);
  if (hasFiles(manifest)) {
    page.whole("  files", "bold");
    const { read, write, never } = manifest.files;
    row("read", read === undefined ? "anything" : listed(short(read), "nothing but system folders"), page);
    row("write", write === undefined ? "what the rules allow" : listed(short(write), "nothing"), page);
    if (never.length > 0) row("never", listed(short(never), ""), page);
  }
  if (credentials !== undefined) page.whole("  credentials", "bold");
  if (credentials?.length === 0) row("none", "any that does more than read is asked about", page);
  for (const { name, from: source, allow } of credentials ?? [])
    row(name, `from ${source}, for ${listed(allow, "nothing")}`, page);
  if (backups.length > 0) page.whole("  backups", "bold");
  for (const one of backups) row("ask", backupWords(one), page);
  page.rows.push("");
}

function standing({ isTrusted, environments }: Manifest, from: Held["from"]): string {
  if (from === "remembered")
    return "as it was trusted last; the file is another now, or gone: it only tightens";
  if (isTrusted) return "trusted";
  const isLoosening = environments.some(({ allow }) => allow.length > 0);
  return isLoosening
    ? "not trusted, so it only tightens (to let it allow what it says: holdpoint trust)"
    : "not trusted; it only tightens";
}

function sayEnvironment(
  { name, allow, never, labels }: ScopeEnvironment,
  short: (globs: readonly string[]) => readonly string[],
  page: Page,
): void {
  page.whole(`  environment ${name}`, "bold");
  row("allowed", allow.length === 0 ? "nothing" : `${allow.join(", ")}; anything else is asked about`, page);
  if (never.length > 0) row("never", never.join(", "), page);
  for (const [words, values] of byKind(labels))
    row(words, listed(words === kindWords.file ? short(values) : values, ""), page);
}

const kindWords: Readonly<Record<LabelKind, string>> = {
  host: "hosts",
  railway: "Railway",
  "aws-profile": "AWS profiles",
  "aws-account": "AWS accounts",
  "kube-context": "contexts",
  database: "databases",
  "git-remote": "git remotes",
  "git-branch": "branches",
  ssh: "ssh",
  file: "files",
  id: "ids",
};

function byKind(labels: readonly ScopeLabel[]): ReadonlyMap<string, readonly string[]> {
  const kinds = new Map<string, string[]>();
  for (const { kind, engine, value } of labels) {
    const words = engine ?? kindWords[kind];
    kinds.set(words, [...(kinds.get(words) ?? []), value]);
  }
  return kinds;
}

function hasFiles({ files: { read, write, never } }: Manifest): boolean {
  return read !== undefined || write !== undefined || never.length > 0;
}

function backupWords({ for: fields, evidence, maxAge }: ScopeBackup): string {
  const what = Object.entries(fields).map(([field, words]) => `${field} ${words.join(" or ")}`);
  return `${what.join(", ")}; evidence: ${evidence}, at most ${ageWords(maxAge)} old`;
}

function ageWords(milliseconds: number): string {
  const hours = milliseconds / 3_600_000;
  return hours >= 1 ? `${Math.round(hours * 10) / 10} h` : `${Math.round(milliseconds / 600) / 100} min`;
}

/** As somebody would write it in the file. */
function shortGlob(glob: string, folder: string, home: string): string {
  const path = shownGlob(glob);
  const below = (top: string) => path.startsWith(top === "/" ? top : `${top}/`);
  if (path === folder) return ".";
  if (below(folder)) return path.slice(folder === "/" ? 1 : folder.length + 1);
  return below(home) ? `~/${path.slice(home.length + 1)}` : path;
}

function listed(words: readonly string[], none: string): string {
  return words.length === 0 ? none : words.join(", ");
}

function row(label: string, text: string, page: Page): void {
  const indent = 18;
  if (label.length < indent - 5) page.wrapped(`    ${label}`, indent, [{ text, look: "plain" }]);
  else {
    page.wrapped("", 4, [{ text: label, look: "dim" }]);
    page.wrapped("", indent, [{ text, look: "plain" }]);
  }
}

/** Never a credential's value. */
function manifestJson({ manifest, from }: Held): object {
  const { file, folder, isTrusted, purpose, environments, files, credentials, backups } = manifest;
  return {
    file,
    folder,
    trusted: isTrusted,
    remembered: from === "remembered",
    purpose: purpose ?? null,
    environments,
    files: { read: files.read ?? null, write: files.write ?? null, never: files.never },
    credentials: credentials?.map(({ name, from: source, allow }) => ({ name, from: source, allow })) ?? null,
    backups: backups.map(({ for: fields, evidence, maxAge }) => ({ for: fields, evidence, maxAge })),
  };
}
