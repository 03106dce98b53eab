import {
  type Environment,
  environments,
  type Findings,
  type FoundLabel,
  type LabelKey,
  labelKeys,
  type ProposedCredential,
} from "./finding.js";

/** A `holdpoint.yaml` with comments: what a name sorts stands under its environment, what none does in a comment. */
export function proposalText(findings: Findings): string {
  const { sorted, unsorted, strange } = sortLabels(findings.labels);
  const present = environments.filter((environment) =>
    sorted.some((label) => label.environment === environment),
  );
  const notes = [
    ...findings.notes,
    ...(strange > 0 ? [`${strange} names with signs that a manifest does not take were left out`] : []),
  ];
  return [
    ...head,
    ...(notes.length === 0
      ? []
      : ["#", ...notes.slice(0, most).map((note) => `# Left out: ${comment(note)}`)]),
    "version: 1",
    "# purpose: one line about the work, shown on cards",
    "",
    ...environmentLines(present, sorted, unsorted),
    "",
    ...fileLines(findings),
    "",
    ...credentialLines(findings.credentials, present),
    "",
    ...backupLines,
    "",
  ].join("\n");
}

const head = [
  "# yaml-language-server: $schema=./node_modules/holdpoint/schema/holdpoint.schema.json",
  "# What work begun in this folder may read, change and never touch: docs/scope-manifest.md of holdpoint.",
  "# Proposed from what was found here; behind each entry stands where it comes from. Sort what is in comments, take out what is",
  "# wrong. Until a person runs `holdpoint trust` it only tightens: it asks and denies more, and allows nothing by itself.",
];

const most = 40;

/** What may be done there, and why not more. */
const allowances: Readonly<Record<Environment, string>> = {
  production: "[] # nothing without a question; [read] lets it be looked at",
  "protected-branches": "[read] # a push asks",
  staging: "[read, create, modify, send]",
  development: "[read, create, modify, send]",
  test: "[read, create, modify, delete, send]",
  local: "[read, create, modify, delete, execute, send]",
};

interface Sorted {
  readonly sorted: readonly FoundLabel[];
  readonly unsorted: readonly FoundLabel[];
  /** How many cannot be written. */
  readonly strange: number;
}

/** Each label once; one that two names put into different environments is for the person to sort. */
function sortLabels(labels: readonly FoundLabel[]): Sorted {
  const groups = new Map<string, FoundLabel[]>();
  let strange = 0;
  for (const label of labels) {
    if (!shapes[label.key].test(label.value) || !plain.test(label.value)) {
      strange += 1;
      continue;
    }
    const key = `${label.key} ${label.value.toLowerCase()}`;
    groups.set(key, [...(groups.get(key) ?? []), label]);
  }
  const once = [...groups.values()].flatMap((group): readonly FoundLabel[] => {
    const [first] = group;
    if (first === undefined) return [];
    const known = new Set(group.flatMap(({ environment }) => environment ?? []));
    const [environment] = known;
    const origin = [...new Set(group.map((one) => one.origin))].join("; ");
    return [{ ...first, origin, environment: known.size === 1 ? environment : undefined }];
  });
  return {
    sorted: once.filter(({ environment }) => environment !== undefined),
    unsorted: once.filter(({ environment }) => environment === undefined),
    strange,
  };
}

const plain = /^[\x20-\x7e]{1,200}$/;
const name = /^[^*]+$/;
/** What the manifest's parser takes. */
const shapes: Readonly<Record<LabelKey, RegExp>> = {
  railway: name,
  "aws.profiles": name,
  "aws.accounts": /^\d{12}$/,
  "kubernetes.contexts": name,
  databases: /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?(?::[1-9]\d{0,4})?(?:\/[A-Za-z0-9_.-]+)?$/,
  "git.remotes": /^[^\s:@]+$/,
  "git.branches": /^(?!refs\/)(?!.*\.\.)(?![/-])[^\s~^:\\[\]]+$/,
  ssh: /^(?!-)[^\s@/*?:]+$/,
  ids: name,
};

function environmentLines(
  present: readonly Environment[],
  sorted: readonly FoundLabel[],
  unsorted: readonly FoundLabel[],
): readonly string[] {
  const intro = [
    "# What may be done where: allow names actions (read, create, modify, delete, execute, grant, send), anything else is asked about; never",
    "# names those that are denied. What reaches another machine and belongs to none of these may only be read.",
  ];
  const open =
    unsorted.length === 0
      ? []
      : [
          "  # Not sorted, for no name says where it belongs: move each below its environment.",
          ...unsorted
            .slice(0, most)
            .map(({ key, value, origin }) => `  #   ${nested(key, value)} # ${comment(origin)}`),
          ...more(unsorted.length, "  #   "),
        ];
  if (present.length === 0)
    return [...intro, ...(unsorted.length === 0 ? example : [...example, ...open.map(outdent)])];
  return [
    ...intro,
    "environments:",
    ...present.flatMap((environment) => [
      `  ${environment}:`,
      `    allow: ${allowances[environment]}`,
      ...labelLines(sorted.filter((label) => label.environment === environment)),
      ...(environment === "production" ? ['    # hosts: ["*.example.com"]'] : []),
    ]),
    ...open,
  ];
}

const example = [
  "# environments:",
  "#   staging:",
  "#     allow: [read, create, modify]",
  '#     hosts: ["*.staging.example.com"]',
  "#   production:",
  "#     allow: []",
  '#     hosts: ["*.example.com"]',
];

function outdent(line: string): string {
  return line.trimStart();
}

function labelLines(labels: readonly FoundLabel[]): readonly string[] {
  const lines: string[] = [];
  let open = "";
  for (const key of labelKeys) {
    const own = labels.filter((label) => label.key === key);
    if (own.length === 0) continue;
    const [group = "", below] = key.split(".");
    if (below !== undefined && open !== group) lines.push(`    ${group}:`);
    open = group;
    const indent = below === undefined ? "    " : "      ";
    lines.push(`${indent}${below ?? group}:`);
    for (const { value, origin } of own.slice(0, most))
      lines.push(`${indent}  - ${quote(value)} # ${comment(origin)}`);
    lines.push(...more(own.length, `${indent}  # `));
  }
  return lines;
}

function fileLines({ never }: Findings): readonly string[] {
  const globs = new Map(
    never.filter(({ glob }) => globShape.test(glob)).map(({ glob, origin }) => [glob, origin] as const),
  );
  const production = globs.has("**/.env.production")
    ? []
    : [["**/.env.production", "settings of production, should they come"] as const];
  const all = [...globs, ...production];
  return [
    "# Files on this machine. Globs start from this folder, ~/ is the home; one that names a folder is all below it.",
    "files:",
    '  # read: ["**"]     # what may be read; left out: everything',
    '  # write: ["src/**"] # what may be written; left out: what the rules allow',
    "  never: # not even read",
    ...all.slice(0, most).map(([glob, origin]) => `    - ${quote(glob)} # ${comment(origin)}`),
    ...more(all.length, "    # "),
  ];
}

const globShape = /^(?:~\/|\*\*\/)?[\w.@+-][\w.@+/ -]*$/;

/** An entry with an environment that is not in the file would be wrong: it stays in a comment, as one that nothing sorts. */
export function credentialLines(
  found: readonly ProposedCredential[],
  present: readonly string[],
): readonly string[] {
  const usable = found.filter(({ name: title, from }) => plain.test(title) && source.test(from));
  const all = [...new Map(usable.map((each) => [each.from, each])).values()];
  const sorted = all.filter(({ environment }) => environment !== undefined && present.includes(environment));
  const unsorted = all.filter((each) => !sorted.includes(each));
  const entry = ({ name: title, from, environment, origin }: ProposedCredential, isSorted: boolean): string =>
    `- {name: ${quote(title)}, from: ${quote(from)}, allow: [${isSorted ? environment : ""}]} # ${comment(origin)}`;
  const open = unsorted.slice(0, most).map((each) => `#   ${entry(each, false)}`);
  return [
    "# What each credential is for. As soon as this key is there, one that is not listed asks before it does more than read.",
    ...(sorted.length === 0
      ? ["# credentials:"]
      : [
          "credentials:",
          ...sorted.slice(0, most).map((each) => `  ${entry(each, true)}`),
          ...more(sorted.length, "  # "),
        ]),
    ...(all.length === 0
      ? ['#   - {name: staging deploy, from: "env:RAILWAY_TOKEN", allow: [staging]}']
      : []),
    ...open,
    ...more(unsorted.length, "#   "),
  ];
}

const source = /^(?:env:[A-Za-z_]\w*|file:[^#\x00-\x1f]+(?:#[\w.-]+)?|profile:[^\s]+)$/;

const backupLines = [
  "# What is not deleted without fresh evidence of a backup.",
  "# backups:",
  '#   - {for: {provider: railway, type: volume}, evidence: "./scripts/last-dump-age", max_age: 24h}',
];

function more(count: number, front: string): readonly string[] {
  return count > most ? [`${front}… and ${count - most} more`] : [];
}

/** `aws: {profiles: ["old"]}` */
function nested(key: LabelKey, value: string): string {
  const [group = "", below] = key.split(".");
  const list = `[${quote(value)}]`;
  return below === undefined ? `${group}: ${list}` : `${group}: {${below}: ${list}}`;
}

/** JSON's strings are YAML's. */
function quote(text: string): string {
  return JSON.stringify(text);
}

/** One line, whatever a file's author wrote. */
function comment(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}\ufffd]/gu, "?").slice(0, 160);
}
