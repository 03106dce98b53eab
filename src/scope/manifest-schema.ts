import * as v from "valibot";
import { conditionFields } from "../policy/condition.js";
import { durationPattern } from "../policy/duration.js";
import { meant } from "../policy/meant.js";
import { globText } from "./manifest-globs.js";
import { labelEntries } from "./manifest-labels.js";
import { line, listOf, section, shaped } from "./manifest-text.js";

// What `holdpoint.yaml` may look like, key by key. What one key says of another is checked in manifest-agreement.ts.

const actions = ["read", "create", "modify", "delete", "execute", "grant", "send"] as const;
/** What people call them. */
export const otherWords = new Map([
  ...["write", "update", "edit", "change", "patch", "put"].map((word) => [word, "modify"] as const),
  ...["remove", "rm", "drop", "destroy"].map((word) => [word, "delete"] as const),
  ...["get", "list", "view", "select"].map((word) => [word, "read"] as const),
  ...["add", "insert", "new", "make"].map((word) => [word, "create"] as const),
  ...["run", "exec", "start"].map((word) => [word, "execute"] as const),
  ...["push", "post", "publish", "deploy"].map((word) => [word, "send"] as const),
]);
const action = v.picklist(actions, ({ input }) =>
  typeof input === "string"
    ? `"${input}" is no action${meant(input, actions, otherWords)}`
    : `must be an action: ${actions.join(", ")}`,
);

// "unknown" is what an effect says that no label fits.
const environmentName = shaped(/^(?!unknown$)[A-Za-z][A-Za-z0-9._-]{0,63}$/, (text) =>
  text === "unknown"
    ? "cannot be the name of an environment"
    : "must be a name of letters, digits, dots and dashes",
);

const environment = section(
  {
    allow: listOf(action, "What may be done there; anything else is asked about. [] allows nothing."),
    never: v.optional(listOf(action, "What is denied there, whoever answers."), []),
    ...labelEntries,
  },
  { allow: "is missing: say what may be done there, [] for nothing" },
);

const files = v.pipe(
  section({
    read: v.optional(
      listOf(globText, "What may be read (globs); left out, everything. System folders always may."),
    ),
    write: v.optional(
      listOf(globText, "What may be created, changed and deleted (globs); left out, what the rules allow."),
    ),
    never: v.optional(listOf(globText, "What is not touched, reading included (globs).")),
  }),
  v.minEntries(1, "is empty: name what may be read, written or never touched, or leave the key out"),
);

const credential = section({
  name: v.pipe(line, v.description("What it is called on cards.")),
  from: v.pipe(
    shaped(/^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:[^#]+(?:#[^#]+)?|profile:\S+)$/, sourceFault),
    v.description(
      "Where it stands: `env:NAME`, `file:PATH`, `file:PATH#KEY` or `profile:NAME` (of the AWS CLI). Never the value.",
    ),
  ),
  allow: listOf(line, "The environments that it is for."),
});

const sources = ["env", "file", "profile"];

/** Says nothing of what follows the source: somebody may have put the secret itself there. */
function sourceFault(text: string): string {
  const [, source] = /^([a-z]{2,12}):/i.exec(text) ?? [];
  const all = "env:NAME, file:PATH, file:PATH#KEY or profile:NAME";
  if (source === undefined) return `must say where it stands, never its value: ${all}`;
  if (!sources.includes(source)) return `"${source}:" is no source${meant(source, sources)}`;
  return `must be ${all}`;
}

// `bounds` is what comes of this very file, and `extent` takes no word.
export const backupFields: ReadonlyMap<string, readonly string[] | undefined> = new Map(
  [...conditionFields].filter(([field]) => field !== "bounds" && field !== "extent"),
);
const field = v.picklist(
  [...backupFields.keys()],
  ({ input }) => `is no field of an effect${meant(String(input), [...backupFields.keys()])}`,
);
const word = v.union([line, v.boolean()], "must be a word, or a list of words");
const words = v.pipe(v.array(word), v.nonEmpty("is empty: name at least one word"));

/** Fields of an effect with the words that they must be. */
export const backupTest = v.record(
  field,
  v.union([word, words], "must be a word, or a list of words"),
  "must be fields of an effect with their words, like {provider: railway}",
);

const backup = section({
  for: v.pipe(
    backupTest,
    v.minEntries(1, "is empty, which would fit everything: name a field of an effect"),
    v.description(
      "What is not done without a fresh backup: fields of an effect and their words (globs), as in rules.",
    ),
  ),
  evidence: v.pipe(line, v.description("A command that shows how old the last backup is.")),
  max_age: v.pipe(
    v.string("must be a number and a unit: 24h, 7d"),
    v.regex(durationPattern, "must be a number and a unit: 24h, 7d"),
    v.check((text) => /[1-9]/.test(text), "must be longer than nothing"),
    v.description("How old the last backup may be: 24h, 7d."),
  ),
});

export const manifestSchema = section(
  {
    version: v.pipe(
      v.literal(1, ({ input }) =>
        typeof input === "number" && input > 1
          ? "is newer than this holdpoint, which reads version 1"
          : "must be 1, without quotes",
      ),
      v.description("Of this format: 1."),
    ),
    purpose: v.optional(
      v.pipe(
        line,
        v.maxLength(200, "is longer than 200 characters"),
        v.description("What the work is about, in one line; shown on cards."),
      ),
    ),
    environments: v.optional(
      v.pipe(
        v.record(
          environmentName,
          environment,
          "must be environments by their names, like {staging: {allow: [read], hosts: […]}}",
        ),
        v.minEntries(1, "is empty, and would hold nothing: name an environment, or leave the key out"),
        v.description(
          "What may be done where; what reaches another machine and belongs to none of them may only be read.",
        ),
      ),
    ),
    files: v.optional(
      v.pipe(
        files,
        v.description(
          "Files on this machine. Globs start from this file's folder; `~/` is the home; `*`, `?`, `**`, `{a,b}`.",
        ),
      ),
    ),
    credentials: v.optional(
      v.pipe(
        v.array(credential, "must be a list, like [{name: …, from: …, allow: […]}]"),
        v.description("What each credential is for; left out, credentials are not held."),
      ),
    ),
    backups: v.optional(
      v.pipe(
        v.array(backup, "must be a list, like [{for: …, evidence: …, max_age: 24h}]"),
        v.description("What is not done without fresh evidence of a backup."),
      ),
      [],
    ),
  },
  { version: "is missing: write version: 1" },
);

export type RawManifest = v.InferOutput<typeof manifestSchema>;
