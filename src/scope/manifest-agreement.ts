import { meant } from "../policy/meant.js";
import type { Issue } from "../policy/yaml-issue.js";
import { type PlacedLabel, plainLabels } from "./manifest-labels.js";
import { backupFields, otherWords, type RawManifest } from "./manifest-schema.js";

/** What its keys say of each other and cannot both be meant. */
export function findDisagreements(raw: RawManifest): readonly Issue[] {
  const { environments = {}, credentials = [], backups, files = {} } = raw;
  return [
    ...Object.entries(environments).flatMap(([name, one]) => environmentIssues(name, one)),
    ...sharedLabels(environments),
    ...fileIssues(files),
    ...credentialIssues(credentials, Object.keys(environments)),
    ...backups.flatMap(({ for: fields }, at) => backupIssues(fields, ["backups", at, "for"])),
  ];
}

type RawEnvironments = NonNullable<RawManifest["environments"]>;
type RawEnvironment = RawEnvironments[string];

function environmentIssues(name: string, raw: RawEnvironment): readonly Issue[] {
  const path = ["environments", name];
  const { allow, never } = raw;
  const issues: Issue[] = [
    ...twice(allow).map((at) => ({ path: [...path, "allow", at], message: `"${allow[at]}" stands twice` })),
    ...twice(never).map((at) => ({ path: [...path, "never", at], message: `"${never[at]}" stands twice` })),
  ];
  for (const [at, one] of never.entries())
    if (allow.includes(one))
      issues.push({ path: [...path, "never", at], message: `"${one}" stands under allow as well` });
  if (labelsOf(raw).length === 0)
    issues.push({
      path,
      isKey: true,
      message:
        "nothing belongs to it: name its hosts, railway, aws, kubernetes, databases, git, ssh, files or ids",
    });
  return issues;
}

function labelsOf(raw: RawEnvironment): readonly PlacedLabel[] {
  const files = (raw.files ?? []).map(
    (value, at): PlacedLabel => ({ path: ["files", at], label: { kind: "file", value } }),
  );
  return [...plainLabels(raw), ...files];
}

/** What belongs to two environments belongs to none: which of the two would be held to? */
function sharedLabels(environments: RawEnvironments): readonly Issue[] {
  const owners = new Map<string, string>();
  return Object.entries(environments).flatMap(([name, one]) =>
    labelsOf(one).flatMap(({ path, label: { kind, engine, value } }) => {
      const isAnyCase = kind === "host" || kind === "database" || kind === "ssh";
      const key = [kind, engine, isAnyCase ? value.toLowerCase() : value].join(" ");
      const owner = owners.get(key) ?? name;
      owners.set(key, owner);
      return owner === name
        ? []
        : [{ path: ["environments", name, ...path], message: `"${value}" belongs to "${owner}" already` }];
    }),
  );
}

/** The very glob that is never touched: who wrote that it may be written or read meant something else. */
function fileIssues({ never = [], ...lists }: NonNullable<RawManifest["files"]>): readonly Issue[] {
  const plain = (glob: string): string => glob.replace(/^\.\//, "").replace(/\/(\*\*)?$/, "");
  const forbidden = new Set(never.map(plain));
  return (["read", "write"] as const).flatMap((key) =>
    (lists[key] ?? []).flatMap((glob, at) =>
      forbidden.has(plain(glob))
        ? [{ path: ["files", key, at], message: `"${glob}" stands under never as well` }]
        : [],
    ),
  );
}

function credentialIssues(
  credentials: NonNullable<RawManifest["credentials"]>,
  declared: readonly string[],
): readonly Issue[] {
  const names = credentials.map(({ name }) => name);
  const sources = credentials.map(({ from }) => from);
  return [
    ...twice(names).map((at) => ({
      path: ["credentials", at, "name"],
      message: `"${names[at]}" stands twice`,
    })),
    ...twice(sources).map((at) => ({
      path: ["credentials", at, "from"],
      message: `"${sources[at]}" stands twice`,
    })),
    ...credentials.flatMap(({ allow }, at) =>
      allow.flatMap((name, place) =>
        declared.includes(name)
          ? []
          : [
              {
                path: ["credentials", at, "allow", place],
                message: `"${name}" is no environment of this file${declared.length === 0 ? "" : meant(name, declared)}`,
              },
            ],
      ),
    ),
  ];
}

function backupIssues(
  fields: Readonly<Record<string, unknown>>,
  path: readonly (string | number)[],
): readonly Issue[] {
  return Object.entries(fields).flatMap(([field, given]) => {
    const known = backupFields.get(field);
    if (known === undefined) return [];
    const wrong = [given]
      .flat()
      .map(String)
      .filter((word) => !known.includes(word));
    return wrong.map((word) => ({
      path: [...path, field],
      message: `"${word}" is no value of it${meant(word, known, field === "action" ? otherWords : undefined)}`,
    }));
  });
}

/** Where something stands that stood before. */
function twice(words: readonly string[]): readonly number[] {
  return words.flatMap((word, at) => (words.indexOf(word) < at ? [at] : []));
}
