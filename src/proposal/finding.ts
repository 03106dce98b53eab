/** The keys of an environment below which a label may stand: `aws.profiles` is `aws: {profiles: […]}`. */
export type LabelKey = (typeof labelKeys)[number];
export const labelKeys = [
  "railway",
  "aws.profiles",
  "aws.accounts",
  "kubernetes.contexts",
  "databases",
  "git.remotes",
  "git.branches",
  "ssh",
  "ids",
] as const;

/** Something that was found and belongs to some environment. Never a secret's value. */
export interface FoundLabel {
  readonly key: LabelKey;
  readonly value: string;
  /** For a comment: `~/.aws/config, profile "prod"`. */
  readonly origin: string;
  /** By its name; undefined: for the person to say. */
  readonly environment: Environment | undefined;
}

/** Where a secret stands. */
export interface FoundCredential extends ProposedCredential {
  readonly environment: Environment | undefined;
}

/** The same, for an environment of any name. */
export interface ProposedCredential {
  readonly name: string;
  /** `env:NAME`, `file:PATH`, `file:PATH#KEY`, `profile:NAME` */
  readonly from: string;
  readonly origin: string;
  readonly environment: string | undefined;
}

export interface FoundFile {
  /** As `files.never` has it. */
  readonly glob: string;
  readonly origin: string;
}

export interface Findings {
  readonly labels: readonly FoundLabel[];
  readonly credentials: readonly FoundCredential[];
  readonly never: readonly FoundFile[];
  /** What was there and could not be used; a line each. */
  readonly notes: readonly string[];
}

export const noFindings: Findings = { labels: [], credentials: [], never: [], notes: [] };

export function joinFindings(all: readonly Findings[]): Findings {
  return {
    labels: all.flatMap(({ labels }) => labels),
    credentials: all.flatMap(({ credentials }) => credentials),
    never: all.flatMap(({ never }) => never),
    notes: all.flatMap(({ notes }) => notes),
  };
}

export type Environment = (typeof environments)[number];
export const environments = [
  "production",
  /** A push to main or to a release asks; fetching from them does not. */
  "protected-branches",
  "staging",
  "development",
  "test",
  "local",
] as const;

/**
 * The environment that names speak of, as whole words: `prod-db`, `db.live.example.com`, `prodEu1`; not `product`, not `delivery`.
 * Undefined where none does, or several that differ: `nonprod` and `prod-staging` are for the person to sort.
 */
export function environmentOf(...names: readonly string[]): Environment | undefined {
  const words = names.flatMap((name) =>
    name
      .replace(/([a-z])([A-Z])/g, "$1 $2")
      .toLowerCase()
      .split(/[^a-z]+/),
  );
  if (
    words.some(
      (word, at) =>
        word === "non" ||
        word === "not" ||
        word === "nonprod" ||
        (word === "pre" && meanings.get(words[at + 1] ?? "") === "production"),
    )
  )
    return undefined;
  const found = new Set(words.flatMap((word) => meanings.get(word) ?? []));
  const [first] = found;
  return found.size === 1 ? first : undefined;
}

const meanings: ReadonlyMap<string, Environment> = new Map(
  [
    ["production", "prod production prd live"],
    ["staging", "staging stage stg preprod uat"],
    ["development", "dev develop development"],
    ["test", "test tests testing qa ci"],
    ["local", "local localhost localstack minikube"],
  ].flatMap(([environment, words = ""]) =>
    environments
      .filter((one) => one === environment)
      .flatMap((one) => words.split(" ").map((word): readonly [string, Environment] => [word, one])),
  ),
);
