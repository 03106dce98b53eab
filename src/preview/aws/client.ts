import * as v from "valibot";
import type { Run } from "../child.js";
import type { AwsAccess } from "./access.js";

/** All that is ever asked of AWS. Each is of IAM's levels List or Read. */
const operations = [
  "s3api list-objects-v2",
  "s3api head-object",
  "s3api get-bucket-versioning",
  "s3api get-object-lock-configuration",
  "rds describe-db-instances",
  "rds describe-db-snapshots",
  "rds describe-db-clusters",
  "rds describe-db-cluster-snapshots",
  "ec2 describe-instances",
  "ec2 describe-instance-attribute",
  "ec2 describe-volumes",
  "ec2 describe-snapshots",
  "dynamodb describe-table",
  "dynamodb describe-continuous-backups",
  "cloudformation describe-stacks",
  "cloudformation list-stack-resources",
] as const;
export type AwsRead = (typeof operations)[number];

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  /** `code`: AWS's own name of the error, `AccessDenied`; empty where it is none of AWS. */
  | { readonly ok: false; readonly code: string; readonly reason: string };

export interface AskOptions {
  /** JMESPath over the whole answer, all its pages. */
  readonly query?: string;
  /** Of an answer in pages: how many items at most. */
  readonly most?: number;
}

export interface AwsClient {
  /** `input`: the request, by the API's own names. Asked once, however often it is called. */
  ask<T>(
    operation: AwsRead,
    input: Readonly<Record<string, unknown>>,
    schema: v.GenericSchema<unknown, T>,
    options?: AskOptions,
  ): Promise<Answer<T>>;
}

export function openClient(access: AwsAccess, run: Run): AwsClient {
  const asked = new Map<string, Promise<Answer<unknown>>>();
  return {
    async ask(operation, input, schema, { query, most } = {}) {
      const args = [
        ...operation.split(" "),
        // As JSON: a name such as `--profile` or `file:///etc/shadow` on the agent's line is a name and no more.
        ...["--cli-input-json", JSON.stringify(input)],
        ...(query === undefined ? [] : [`--query=${query}`]),
        ...(most === undefined ? [] : [`--max-items=${most}`]),
        ...["--output=json", "--cli-connect-timeout=1", "--cli-read-timeout=2"],
        ...access.args,
      ];
      const key = args.join("\u0000");
      const answer = asked.get(key) ?? start(args, access, run);
      asked.set(key, answer);
      const said = await answer;
      if (!said.ok) return said;
      const read = v.safeParse(schema, said.value);
      return read.success
        ? { ok: true, value: read.output }
        : wrong(`${operation}: an answer of another form`);
    },
  };
}

async function start(args: readonly string[], { keeps, env }: AwsAccess, run: Run): Promise<Answer<unknown>> {
  const ran = await run("aws", args, { keeps, env, cwd: "/" });
  const name = args.slice(0, 2).join(" ");
  if (ran.kind === "failed") return wrong(ran.reason);
  if (ran.kind === "late") return wrong(`${name}: no answer in time`);
  if (ran.status !== 0) return failure(name, ran.err);
  if (ran.isCut) return wrong(`${name}: a longer answer than is read`);
  try {
    return { ok: true, value: JSON.parse(ran.out === "" ? "null" : ran.out) };
  } catch {
    return wrong(`${name}: an answer that is no JSON`);
  }
}

function failure(name: string, text: string): Answer<never> {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const [, code = "", because = ""] = /An error occurred \((\w+)\)[^:]*:\s*([^\n]*)/.exec(text) ?? [];
  const reason =
    code === "" ? (lines.at(-1) ?? "it failed without a word").trim() : `${code} ${because}`.trim();
  return { ok: false, code, reason: `${name}: ${reason.replace(/\.$/, "")}` };
}

function wrong(reason: string): Answer<never> {
  return { ok: false, code: "", reason };
}
