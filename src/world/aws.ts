import type { AwsService } from "../model/aws.js";
import { readPackageText } from "./kept-text.js";

/**
 * What the table at `path` (written by the build, a line a service) has of a service. The file is read when the first one is
 * asked for, and only that service's line is parsed. Throws where there is no such file: the build was not run.
 */
export function openAwsServices(path: string): (service: string) => AwsService | undefined {
  const known = new Map<string, AwsService | undefined>();
  let text: string | undefined;
  return (service) => {
    if (known.has(service)) return known.get(service);
    text ??= `\n${readPackageText(path)}`;
    const found = readLine(text, service);
    known.set(service, found);
    return found;
  };
}

function readLine(text: string, service: string): AwsService | undefined {
  const start = text.indexOf(`\n{"name":${JSON.stringify(service)},`);
  if (start < 0) return undefined;
  const end = text.indexOf("\n", start + 1);
  const entry: AwsService = JSON.parse(text.slice(start + 1, end < 0 ? undefined : end));
  return entry;
}
