import { InvalidArgumentError } from "commander";

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

const longest = 500 * 3_600_000;

/** `30s`, `5m`, `1h`, `500ms` → milliseconds. */
export function parseDuration(text: string): number {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const unit = unitMs[found?.[2] ?? ""];
  if (unit === undefined)
    throw new InvalidArgumentError('a duration is a number and a unit, like "30s" or "5m"');
  const milliseconds = Number(found?.[1]) * unit;
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
