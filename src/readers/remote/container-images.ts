import { type Arg, showArg } from "../../model/arg.js";

/** Images that start a program of their own with the words behind them: `docker run hashicorp/terraform destroy`. */
const programs: ReadonlyMap<string, string> = new Map([
  ["terraform", "terraform"],
  ["opentofu", "tofu"],
  ["terragrunt", "terragrunt"],
  ["aws-cli", "aws"],
  ["kubectl", "kubectl"],
  ["helm", "helm"],
  ["rclone", "rclone"],
  ["restic", "restic"],
  ["flyway", "flyway"],
  ["liquibase", "liquibase"],
  ["migrate", "migrate"],
  ["dbmate", "dbmate"],
  ["atlas", "atlas"],
  ["git", "git"],
  ["curl", "curl"],
  ["mc", "mc"],
  ["vault", "vault"],
  ["s5cmd", "s5cmd"],
]);

/** The program, unless the words name it themselves, or another one. */
export function entrypointOf(image: string, words: readonly Arg[]): readonly Arg[] {
  const name = image.replace(/^.*\//, "").replace(/[:@].*$/, "");
  const program = programs.get(name);
  const [first] = words;
  if (program === undefined || first === undefined) return [];
  return showArg(first) === program || /^(sh|bash|ash|\/.*)$/.test(showArg(first)) ? [] : [program];
}
