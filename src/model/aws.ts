/**
 * What is known of one service of the AWS command line. Plain data: the build writes it out, a line a service, and a judge
 * reads a service's line when a call names it.
 */
export interface AwsService {
  /** As the command line calls it: `s3api`. */
  readonly name: string;
  /** As IAM calls it: `s3`. */
  readonly prefix: string;
  /**
   * The operations by IAM's access level. One string a verb, the nouns behind it: `Delete Bucket Object`. A noun `.` is an
   * operation that is its verb alone; `Noun=Action` says that IAM knows the operation by another name.
   */
  readonly levels: Readonly<Partial<Record<AwsLevel, readonly string[]>>>;
  /** Commands that are no operation of the API: `deploy`, `wait`. */
  readonly commands: readonly string[];
  /** Operations that `--dry-run` keeps from doing anything. */
  readonly dryRun: readonly string[];
  /** What names and levels do not say, by operation as typed: `put-bucket-versioning`. */
  readonly exceptions: Readonly<Record<string, readonly AwsException[]>>;
}

/** `unlisted`: IAM has no action of that name. */
export type AwsLevel = (typeof awsLevels)[number];

/** As IAM's service reference classes actions; what a level does not tell is told by the operation's verb, or an exception. */
export const awsLevels = ["List", "Read", "Write", "Tagging", "Permissions management", "unlisted"] as const;

/** What an operation is, or is when one of `when` holds. */
export interface AwsException {
  readonly is: AwsKind;
  /** Lower case, no full stop. */
  readonly because: string;
  /** Empty: always. */
  readonly when: readonly AwsWhen[];
}

/** A parameter that is given, or whose value `matches` (a regular expression, in any case of letters). */
export interface AwsWhen {
  /** Without dashes: `desired-count`. `*` is any of them. */
  readonly parameter: string;
  readonly matches: string | undefined;
}

/** What an operation does to what is there, where its level and verb do not say it. */
export type AwsKind = (typeof awsKinds)[number];

/** What a verb, a level or an exception may say of an operation. */
export const awsKinds = [
  "read",
  "create",
  "modify",
  /** Puts something in the place of what was there, which is gone. */
  "replace",
  /** The same, but the one before is kept. */
  "supersede",
  /** Takes a protection away. */
  "unprotect",
  /** Costs money that does not come back. */
  "spend",
  "grant",
  "execute",
  "send",
  /** What runs or is connected stops; nothing that is stored is lost. */
  "interrupt",
  "delete",
] as const;
