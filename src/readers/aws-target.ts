import { type Arg, isKnown, showArg } from "../model/arg.js";
import { decodeBytes } from "../model/bytes.js";
import type { Call } from "../model/call.js";
import type { World } from "../model/world.js";
import { type Parameters, parameter } from "./aws-words.js";
import { resolvePath } from "./path.js";

/** What an operation is done to, by the parameters that usually name it. Never empty. */
export function findTargets(
  type: string,
  parameters: Parameters,
  call: Call,
  world: World,
): readonly string[] {
  const names = [
    ...["identifier", "ids", "id", "names", "name", "arn", "url"].map((suffix) => `${type}-${suffix}`),
    type,
    ...usual,
  ];
  for (const name of names) {
    const values = parameter(parameters, name);
    const found = values === undefined ? [] : valuesOf(name, values);
    if (found.length > 0) return found;
  }
  for (const [name, values] of parameters.values) {
    if (/(^|-)(ids?|names?|arns?|identifiers?|url)$/.test(name) && values.length > 0)
      return values.map(showArg);
  }
  const given = readInput(parameters, call, world);
  if (given.length > 0) return given;
  const words = [...parameters.values].flatMap(([name, values]) => [`--${name}`, ...values.map(showArg)]);
  return [words.join(" ").slice(0, 200) || type];
}

/** Words behind a parameter that takes one value are not its own: `lambda invoke --function-name f out.json`. */
function valuesOf(name: string, values: readonly Arg[]): readonly string[] {
  const own = /s$/.test(name) ? values : values.slice(0, 1);
  return own.map(showArg).filter((value) => !/^[{[]/.test(value));
}

const usual = [
  "bucket",
  "instance-ids",
  "instance-id",
  "db-instance-identifier",
  "db-cluster-identifier",
  "table-name",
  "function-name",
  "stack-name",
  "cluster-name",
  "cluster",
  "service",
  "key-id",
  "secret-id",
  "user-name",
  "role-name",
  "group-name",
  "queue-url",
  "topic-arn",
  "hosted-zone-id",
  "repository-name",
  "log-group-name",
  "file-system-id",
  "resource-arn",
  "target",
  "name",
  "id",
  "arn",
];

/** `--cli-input-json '{"TableName": "users"}'`, or `file://…` */
function readInput(parameters: Parameters, call: Call, world: World): readonly string[] {
  const value = parameter(parameters, "cli-input-json")?.[0];
  const text = value === undefined ? undefined : readValue(value, call, world);
  if (text === undefined) return [];
  try {
    const input: unknown = JSON.parse(text);
    if (typeof input !== "object" || input === null) return [];
    return Object.entries(input).flatMap(([name, held]): readonly string[] => {
      if (!/(Id|Ids|Name|Names|Identifier|Arn|Bucket|Url)$/.test(name)) return [];
      const items: readonly unknown[] = Array.isArray(held) ? held : [held];
      return items.filter((item) => typeof item === "string");
    });
  } catch {
    return [];
  }
}

/** A value, or the content of the file that `file://` names. */
export function readValue(value: Arg, call: Call, world: World): string | undefined {
  if (!isKnown(value)) return undefined;
  if (!value.startsWith("file://")) return value;
  const path = resolvePath(call, world, value.slice("file://".length));
  const content = path !== undefined && isKnown(path) ? world.readFile(path, 1 << 20) : undefined;
  return content?.ok === true ? decodeBytes(content.bytes) : undefined;
}
