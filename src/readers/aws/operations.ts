import type { AwsKind, AwsLevel, AwsService, AwsWhen } from "../../model/aws.js";
import type { Action, Recovery } from "../../model/effect.js";
import { kinds, readVerb } from "./verbs.js";

/** What an operation of the AWS API does, as far as its name and IAM say. */
export interface AwsOperation {
  readonly action: Action;
  readonly recovery: Recovery;
  /** The noun, singular: "db-instance" of `delete-db-instances`; `protection` and `purchase` for what is about these. */
  readonly type: string;
  /** IAM's name: "rds:DeleteDBInstance". */
  readonly name: string;
  /** Lower case, no full stop; by what it was told. */
  readonly because: string;
}

/**
 * Undefined when nothing tells: neither the table nor the verb. `entry` is what the table has of the service, `holds` says
 * whether a parameter of this call springs an exception.
 */
export function findOperation(
  service: string,
  operation: string,
  entry?: AwsService,
  holds: (when: AwsWhen) => boolean = () => false,
): AwsOperation | undefined {
  const listed = entry === undefined ? undefined : findListed(entry, operation);
  const found = findKind(operation, entry, listed?.level, holds);
  if (found === undefined) return undefined;
  const { action, recovery, type } = kinds[found.kind];
  const noun = operation
    .replace(/^(batch|admin|bulk)-/, "")
    .split("-")
    .slice(1);
  return {
    action,
    recovery,
    type: type ?? nouns[`${service} ${operation}`] ?? (singular(noun.join("-")) || service),
    name: `${entry?.prefix ?? prefixes[service] ?? service}:${listed?.action ?? operation.split("-").map(pascal).join("")}`,
    because: found.because,
  };
}

interface Found {
  readonly kind: AwsKind;
  readonly because: string;
}

function findKind(
  operation: string,
  entry: AwsService | undefined,
  level: AwsLevel | undefined,
  holds: (when: AwsWhen) => boolean,
): Found | undefined {
  const exceptions =
    entry !== undefined && Object.hasOwn(entry.exceptions, operation)
      ? entry.exceptions[operation]
      : undefined;
  const exception = exceptions?.find(({ when }) => when.length === 0 || when.some(holds));
  const verb = readVerb(operation);
  const because = exception?.because || reasonOf(level);
  const kind = exception?.is ?? (level === undefined ? verb : atLevel(level, verb));
  return kind === undefined ? undefined : { kind, because };
}

/** The level says whether it only reads, or changes who may do what; within what writes, the verb says what it does. */
function atLevel(level: AwsLevel, verb: AwsKind | undefined): AwsKind | undefined {
  switch (level) {
    case "List":
    case "Read":
      return "read";
    case "Tagging":
      return verb === "read" ? "read" : "modify";
    case "Permissions management":
      return verb === "read" ? "read" : "grant";
    case "Write":
      return verb ?? "modify";
    case "unlisted":
      return verb;
    default:
      return level satisfies never;
  }
}

function reasonOf(level: AwsLevel | undefined): string {
  if (level === undefined) return "by its verb: it is not in the table of operations";
  return level === "unlisted" ? "by its verb: IAM has no action of that name" : `access level ${level}`;
}

interface Listed {
  readonly level: AwsLevel;
  /** IAM's name for it. */
  readonly action: string;
}

/** Names are compared without dashes and case: the command line only ever adds those. */
function findListed(entry: AwsService, operation: string): Listed | undefined {
  const wanted = operation.replaceAll("-", "");
  for (const level of levels) {
    for (const line of entry.levels[level] ?? []) {
      const verb = line.slice(0, line.indexOf(" "));
      if (!wanted.startsWith(verb.toLowerCase())) continue;
      const rest = wanted.slice(verb.length) || ".";
      for (const entryOf of line.slice(verb.length + 1).split(" ")) {
        if (entryOf.length < rest.length || entryOf.slice(0, rest.length).toLowerCase() !== rest) continue;
        const [noun = "", action] = entryOf.split("=");
        const own = `${verb}${noun === "." ? "" : noun}`;
        if (noun.length === rest.length) return { level, action: action ?? own };
      }
    }
  }
  return undefined;
}

const levels: readonly AwsLevel[] = [
  "Write",
  "Read",
  "List",
  "Permissions management",
  "Tagging",
  "unlisted",
];

/** What these work on is not in their names. */
const nouns: Readonly<Record<string, string>> = {
  "lambda invoke": "function",
  "ecs execute-command": "task",
  "ssm start-session": "instance",
  "cloudformation deploy": "stack",
  "eks update-kubeconfig": "cluster",
};

/** CLI names that are not IAM's, for a world without the table. */
const prefixes: Readonly<Record<string, string>> = {
  s3api: "s3",
  deploy: "codedeploy",
  configservice: "config",
  elb: "elasticloadbalancing",
  elbv2: "elasticloadbalancing",
  emr: "elasticmapreduce",
  efs: "elasticfilesystem",
  sesv2: "ses",
  stepfunctions: "states",
  docdb: "rds",
  neptune: "rds",
  opensearch: "es",
};

const capitals: Readonly<Record<string, string>> = {
  db: "DB",
  mfa: "MFA",
  ssh: "SSH",
  saml: "SAML",
  dns: "DNS",
};

function pascal(word: string): string {
  return capitals[word] ?? word.charAt(0).toUpperCase() + word.slice(1);
}

function singular(noun: string): string {
  if (/(ss|us|is)$/.test(noun)) return noun;
  return noun
    .replace(/sses$/, "ss")
    .replace(/ies$/, "y")
    .replace(/(?<!s)s$/, "");
}
