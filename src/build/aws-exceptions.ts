import * as v from "valibot";
import { type AwsException, type AwsKind, awsKinds } from "../model/aws.js";
import { checkYaml } from "../policy/yaml-source.js";

/** `rules/aws/exceptions.yaml`, by service and operation as typed. */
export interface AwsExceptions {
  readonly exceptions: ReadonlyMap<string, Readonly<Record<string, readonly AwsException[]>>>;
  /** By service: IAM's name for an operation of another one. */
  readonly actions: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** By service: commands that the list lacks. */
  readonly also: ReadonlyMap<string, readonly string[]>;
}

export type AwsExceptionsResult =
  | ({ readonly ok: true } & AwsExceptions)
  /** Each `file:line:column: message`. */
  | { readonly ok: false; readonly problems: readonly string[] };

const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));
const pattern = v.pipe(
  text,
  v.check((source) => isPattern(source), "is no regular expression"),
);
const schema = v.strictObject({
  actions: v.record(text, v.record(text, text)),
  also: v.record(text, v.array(text)),
  exceptions: v.array(
    v.strictObject({
      is: v.picklist(awsKinds),
      because: v.optional(v.string(), ""),
      operations: v.pipe(
        v.array(v.pipe(text, v.regex(/^[\w.-]+ [\w-]+$/, "must be: SERVICE OPERATION"))),
        v.minLength(1),
      ),
      when: v.optional(v.array(v.record(text, v.nullable(pattern))), []),
    }),
  ),
});

/** An operation may stand there more than once; what holds only `when` something is given counts before what always does. */
export function parseAwsExceptions(source: string, file: string): AwsExceptionsResult {
  const checked = checkYaml(source, file, schema);
  if (!checked.ok) return checked;
  const found = new Map<string, Record<string, AwsException[]>>();
  for (const raw of checked.value.exceptions) {
    const exception = toException(raw.is, raw.because, raw.when);
    for (const name of raw.operations) {
      const [service = "", operation = ""] = name.split(" ");
      const operations = found.get(service) ?? {};
      found.set(service, operations);
      const list = operations[operation] ?? [];
      operations[operation] = [...list, exception].sort((a, b) => b.when.length - a.when.length);
    }
  }
  const { actions, also } = checked.value;
  return {
    ok: true,
    exceptions: found,
    actions: new Map(Object.entries(actions)),
    also: new Map(Object.entries(also)),
  };
}

function toException(
  is: AwsKind,
  because: string,
  when: readonly Readonly<Record<string, string | null>>[],
): AwsException {
  return {
    is,
    because,
    when: when.flatMap((one) =>
      Object.entries(one).map(([parameter, matches]) => ({ parameter, matches: matches ?? undefined })),
    ),
  };
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, "i").source !== "";
  } catch {
    return false;
  }
}
