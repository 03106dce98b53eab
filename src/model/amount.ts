/** `512 B`, `1.2 MB`. */
export function showBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${["B", "kB", "MB", "GB", "TB"][power] ?? "B"}`;
}

/** `1,204` */
export function showCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

/** `1 row`, `1,204 rows` */
export function many(count: number, one: string, several = `${one}s`): string {
  return `${showCount(count)} ${count === 1 ? one : several}`;
}

/** `3 days ago`; both in milliseconds since the epoch. */
export function showAge(then: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - then) / 1000));
  const [size, unit] = ages.find(([least]) => seconds >= least) ?? [1, "second"];
  return seconds < 60 ? "just now" : `${many(Math.floor(seconds / size), unit)} ago`;
}

const ages: readonly (readonly [number, string])[] = [
  [365 * 86_400, "year"],
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
];
