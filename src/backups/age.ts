/** Units as people write ages, in milliseconds. */
const units: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * How old a backup is, in milliseconds, by the first line that says anything: `3h`, `1d 4h`, a number of seconds, a time of the
 * calendar (RFC 3339), or seconds since the epoch. Undefined: it says no age. `now`: milliseconds since the epoch.
 */
export function parseAge(text: string, now: number): number | undefined {
  const line = text
    .split(/\r?\n/)
    .map((one) => one.trim())
    .find((one) => one !== "");
  if (line === undefined || line.length > 100) return undefined;
  if (/^\d+(\.\d+)?$/.test(line)) return ageOfNumber(Number(line), now);
  if (/^(\d+(\.\d+)?\s*[smhdw]\s*)+$/.test(line))
    return [...line.matchAll(/(\d+(?:\.\d+)?)\s*([smhdw])/g)].reduce(
      (sum, [, count, unit = ""]) => sum + Number(count) * (units[unit] ?? 0),
      0,
    );
  // Without a zone nobody knows which hour is meant.
  if (!/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d))$/.test(line)) return undefined;
  const time = Date.parse(line.replace(/^(\S+) (\d)/, "$1T$2").replace(/\s+/g, ""));
  return Number.isNaN(time) ? undefined : now - time;
}

/** Nothing that lives was made 30 years ago, and no clock says less than that since 1970. */
function ageOfNumber(value: number, now: number): number {
  if (value >= 1e12) return now - value;
  return value >= 1e9 ? now - value * 1000 : value * 1000;
}

/** `3 hours`, `2 days`. */
export function ageWords(milliseconds: number): string {
  const [size, name] = steps.find(([length]) => milliseconds >= 2 * length) ?? [1000, "second"];
  const count = Math.max(0, Math.floor(milliseconds / size));
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

const steps: readonly (readonly [number, string])[] = [
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
];
