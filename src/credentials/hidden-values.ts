/**
 * The same, with none of these values in any of its texts: a file may be called by its token, a role like its password. Short ones are
 * left: they would take words apart, and tell nobody anything.
 */
export function hideValues<T>(value: T, secrets: readonly string[]): T;
export function hideValues(value: unknown, secrets: readonly string[]): unknown {
  const all = [...new Set(secrets.filter((one) => one.length >= 8))].toSorted((a, b) => b.length - a.length);
  const hide = (given: unknown): unknown => {
    if (typeof given === "string") return all.reduce((text, one) => text.replaceAll(one, "‹hidden›"), given);
    if (Array.isArray(given)) return given.map(hide);
    if (typeof given !== "object" || given === null) return given;
    return Object.fromEntries(Object.entries(given).map(([key, one]) => [key, hide(one)]));
  };
  return hide(value);
}
