import { fileURLToPath } from "node:url";
import { readAwsServices } from "../../src/build/aws-services.js";
import type { AwsService } from "../../src/model/aws.js";

const read = await readAwsServices(fileURLToPath(new URL("../../rules", import.meta.url)));
if (!read.ok) throw new Error(read.problems.join("\n"));

/** The table that the build writes, by service. */
export const awsServices: ReadonlyMap<string, AwsService> = new Map(
  read.services.map((service) => [service.name, service]),
);

export interface AwsName {
  readonly service: string;
  /** As typed: `delete-bucket`. */
  readonly operation: string;
  /** IAM's access level, `unlisted`, or `command` for what is no operation of the API. */
  readonly level: string;
}

/** Every operation and every command of the table. */
export const awsNames: readonly AwsName[] = [...awsServices.values()].flatMap(
  ({ name: service, levels, commands }) => [
    ...Object.entries(levels).flatMap(([level, lines]) =>
      lines.flatMap((line) => {
        const [verb = "", ...nouns] = line.split(" ");
        return nouns.map((noun) => ({ service, operation: typed(verb, noun.replace(/=.*/, "")), level }));
      }),
    ),
    ...commands.map((operation) => ({ service, operation, level: "command" })),
  ],
);

/** `SwapEnvironmentCNAMEs` is typed `swap-environment-cnames`; the reader compares without dashes anyway. */
function typed(verb: string, noun: string): string {
  return `${verb}${noun === "." ? "" : noun}`
    .replace(/([A-Z])([A-Z]+s)(?=$|[A-Z])/g, (_, first: string, rest: string) => first + rest.toLowerCase())
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
}
