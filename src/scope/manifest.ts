import type { Manifest, ScopeBackup, ScopeEnvironment, ScopeLabel } from "../model/scope.js";
import { parseDuration } from "../policy/duration.js";
import { codeOf } from "../policy/unseen.js";
import type { Issue } from "../policy/yaml-issue.js";
import { checkYaml } from "../policy/yaml-source.js";
import { findDisagreements } from "./manifest-agreement.js";
import { type Around, absoluteGlobs, climbs } from "./manifest-globs.js";
import { plainLabels } from "./manifest-labels.js";
import { manifestSchema, type RawManifest } from "./manifest-schema.js";

export type ManifestResult =
  | { readonly ok: true; readonly manifest: Manifest }
  /** Each `file:line:column: message`. */
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * The text of a `holdpoint.yaml`, checked whole: one that is wrong anywhere holds nothing, so nobody is to start with it. `file`: its
 * absolute path. Not trusted, and without the credentials' values: whoever loads it knows these.
 */
export function parseManifest(source: string, file: string, around: Around): ManifestResult {
  const unreadable = findUnreadable(source);
  if (unreadable !== undefined) return { ok: false, problems: [`${file}:${unreadable}`] };
  const checked = checkYaml(source, file, manifestSchema);
  if (!checked.ok) return checked;
  const { value: raw } = checked;
  const folder = around.realpath(file.slice(0, file.lastIndexOf("/")) || "/");
  const issues: Issue[] = [...findDisagreements(raw)];
  const globs = new Globs(folder, around, issues);
  const manifest = compile(raw, file, folder, globs);
  return issues.length > 0 ? { ok: false, problems: checked.problems(issues) } : { ok: true, manifest };
}

const mostText = 256 * 1024;

/** `line:column: message` */
function findUnreadable(source: string): string | undefined {
  if (source.length > mostText) return "1:1: is longer than a manifest may be (256 KB)";
  // U+FFFD is what a reader makes of bytes that are not UTF-8; an editor shows neither it nor what it hides.
  const found = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]/.exec(source);
  if (found === null) return source.trim() === "" ? "1:1: is empty: write version: 1" : undefined;
  const before = source.slice(0, found.index).split(/\r?\n/);
  const place = `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  if (found[0] === "\ufffd") return `${place}: is not UTF-8`;
  return `${place}: holds a control character (${codeOf(found[0])})`;
}

function compile(raw: RawManifest, file: string, folder: string, globs: Globs): Manifest {
  const { environments = {}, files: { read, write, never = [] } = {} } = raw;
  return {
    file,
    folder,
    isTrusted: false,
    purpose: raw.purpose,
    environments: Object.entries(environments).map(([name, one]): ScopeEnvironment => {
      const files = globs.inside(one.files ?? [], ["environments", name, "files"]);
      return {
        name,
        allow: one.allow,
        never: one.never,
        labels: [
          ...plainLabels(one).map(({ label }) => label),
          ...files.map((value): ScopeLabel => ({ kind: "file", value })),
        ],
      };
    }),
    files: {
      read: read === undefined ? undefined : globs.anywhere(read, ["files", "read"]),
      write: write === undefined ? undefined : globs.inside(write, ["files", "write"]),
      never: globs.anywhere(never, ["files", "never"]),
    },
    credentials: raw.credentials?.map((one) => ({ ...one, value: undefined })),
    backups: raw.backups.map(
      (one): ScopeBackup => ({
        for: Object.fromEntries(
          Object.entries(one.for).map(([field, words]) => [field, [words].flat().map(String)]),
        ),
        evidence: one.evidence,
        maxAge: parseDuration(one.max_age) ?? 0,
      }),
    ),
  };
}

/** Makes globs absolute; what is wrong with one is told with its place. */
class Globs {
  constructor(
    private readonly folder: string,
    private readonly around: Around,
    private readonly issues: Issue[],
  ) {}

  anywhere(globs: readonly string[], path: readonly string[]): readonly string[] {
    const all = globs.flatMap((glob, at) => {
      const made = absoluteGlobs(glob, this.folder, this.around);
      if (!("message" in made)) return made;
      this.issues.push({ path: [...path, at], message: made.message });
      return [];
    });
    return [...new Set(all)];
  }

  /** What lets something be done goes no higher than its folder, but by its whole name: who reads it is to see how far it goes. */
  inside(globs: readonly string[], path: readonly string[]): readonly string[] {
    const at = globs.findIndex(climbs);
    if (at < 0) return this.anywhere(globs, path);
    this.issues.push({
      path: [...path, at],
      message:
        'cannot climb out of this folder by "..": write it from "/" or "~/", or put the manifest above',
    });
    return [];
  }
}
