import { type Arg, showArg } from "../../model/arg.js";
import type { AwsInput } from "./input.js";
import { type Parameters, parameter } from "./words.js";

/** What an operation is done to, by the parameters that usually name it. Never empty. */
export function findTargets(type: string, parameters: Parameters, input: AwsInput): readonly string[] {
  const names = [
    ...["identifier", "id", "name", "arn", "url", "ids", "names"].map((suffix) => `${type}-${suffix}`),
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
  const given = input.given
    .filter(([name]) => names.includes(name) || /(^|-)(ids?|names?|identifiers?|arns?|url)$/.test(name))
    .flatMap(([, values]) => values);
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
