import { InvalidArgumentError } from "commander";
import { parseDuration as durationOf } from "../policy/duration.js";

const longest = 500 * 3_600_000;

/** `30s`, `5m`, `1h`, `500ms` → milliseconds. */
export function parseDuration(text: string): number {
  const milliseconds = durationOf(text);
  if (milliseconds === undefined)
    throw new InvalidArgumentError('a duration is a number and a unit, like "30s" or "5m"');
  // Timers hold 31 bits: a longer one would fire at once.
  if (milliseconds > longest) throw new InvalidArgumentError('the longest duration is "500h"');
  return milliseconds;
}

const kinds: readonly string[] = ["asked", "denied", "allowed"];

export function parseKinds(text: string): readonly string[] {
  const words = text.split(",");
  const wrong = words.find((word) => !kinds.includes(word));
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is none of ${kinds.join(", ")}`);
  return words;
}

export type ReportFormat = "sarif" | "junit" | "json";

/** A report as the user wants it. */
export interface ReportOption {
  readonly format: ReportFormat;
  readonly file: string;
}

/** `FILE` with a known ending, or `FORMAT=FILE`; gathers what stands several times. */
export function parseReport(text: string, before: readonly ReportOption[] = []): readonly ReportOption[] {
  const named = /^(sarif|junit|json)=(.+)$/s.exec(text);
  const file = named?.[2] ?? text;
  const format = toFormat(named?.[1]) ?? endings.find(([ending]) => file.endsWith(ending))?.[1];
  if (format === undefined)
    throw new InvalidArgumentError(
      'a report is a file that ends in .sarif, .xml or .json, or "sarif=FILE", "junit=FILE", "json=FILE"',
    );
  return [...before, { format, file }];
}

function toFormat(word: string | undefined): ReportFormat | undefined {
  return word === "sarif" || word === "junit" || word === "json" ? word : undefined;
}

const endings: readonly (readonly [string, ReportFormat])[] = [
  [".sarif.json", "sarif"],
  [".sarif", "sarif"],
  [".xml", "junit"],
  [".json", "json"],
];
