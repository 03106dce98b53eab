import { join } from "node:path";
import { applyEdits, modify, type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import type { InitTarget, Setup } from "./init-target.js";
import { shellPath } from "./shells.js";

export const vscode: InitTarget = editor(
  "vscode",
  "Code",
  "the terminals and tasks of VS Code, and what its agents type there",
  () => ["open a new terminal: it is guarded; `echo $HOLDPOINT_SESSION` names its session"],
);

export const cursor: InitTarget = editor(
  "cursor",
  "Cursor",
  "the terminals and tasks of Cursor; its agent starts $SHELL instead, see docs/editors.md",
  (setup) => [
    "open a new terminal: it is guarded; `echo $HOLDPOINT_SESSION` names its session",
    `Cursor's agent does not use this profile but $SHELL: start the editor with SHELL=${shellPath(setup.places, setup.shell)} cursor`,
  ],
);

/** VS Code and what is made from it: the same settings, in a folder of another name. */
function editor(
  name: string,
  folder: string,
  about: string,
  next: (setup: Setup) => readonly string[],
): InitTarget {
  return {
    name,
    about,
    file: (setup) => join(setup.folder ?? userFolder(folder, setup), "settings.json"),
    add(text, setup) {
      const problem = problemIn(text);
      if (problem !== undefined) return { ok: false, reason: problem };
      const settings = settingsFor(setup);
      const found: unknown = parse(text, [], tolerant);
      const before = settings.map(({ path }) => valueAt(found, path) ?? null);
      const missing = settings.filter(({ path, value }) => !isSame(valueAt(found, path), value));
      return {
        ok: true,
        text: missing.reduce((now, { path, value }) => setValue(now, path, value), text),
        before,
      };
    },
    takeBack(text, setup, before) {
      const problem = problemIn(text);
      return problem === undefined
        ? { ok: true, text: withoutSettings(text, setup, before) }
        : { ok: false, reason: problem };
    },
    print: (setup) => settingsFor(setup).reduce((now, { path, value }) => setValue(now, path, value), "{}"),
    next,
  };
}

function userFolder(folder: string, { places, platform, env }: Setup): string {
  if (platform === "darwin") return join(places.home, "Library", "Application Support", folder, "User");
  const config = env["XDG_CONFIG_HOME"];
  return join(config?.startsWith("/") ? config : join(places.home, ".config"), folder, "User");
}

interface Setting {
  readonly path: readonly string[];
  readonly value: unknown;
}

/**
 * https://code.visualstudio.com/docs/terminal/profiles: a profile, the default one, and what tasks and debuggers run in. The
 * profile has no arguments but the `-l` that macOS's own have: others would keep the shell integration away.
 */
function settingsFor({ places, shell, platform }: Setup): readonly Setting[] {
  const system = platform === "darwin" ? "osx" : "linux";
  const path = shellPath(places, shell);
  const name = `holdpoint ${shell}`;
  const profile = { path, ...(platform === "darwin" ? { args: ["-l"] } : {}), icon: "shield" };
  return [
    { path: [`terminal.integrated.profiles.${system}`, name], value: profile },
    { path: [`terminal.integrated.defaultProfile.${system}`], value: name },
    { path: [`terminal.integrated.automationProfile.${system}`], value: { path } },
  ];
}

/** A value that is no longer ours stays; ours becomes what it was, and an object that was made for it goes. */
function withoutSettings(text: string, setup: Setup, before: unknown): string {
  const old: readonly unknown[] = Array.isArray(before) ? before : [];
  return settingsFor(setup).reduce((now, { path, value }, at) => {
    const found: unknown = parse(now, [], tolerant);
    if (!isSame(valueAt(found, path), value)) return now;
    const cleared = setValue(now, path, old[at] ?? undefined);
    const above = path.slice(0, -1);
    const left = valueAt(parse(cleared, [], tolerant), above);
    return above.length > 0 && isObject(left) && Object.keys(left).length === 0
      ? setValue(cleared, above, undefined)
      : cleared;
  }, text);
}

export function setValue(
  text: string,
  path: readonly (string | number)[],
  value: unknown,
  isArrayInsertion = false,
): string {
  const indent = /^([ \t]+)["}]/m.exec(text)?.[1] ?? "    ";
  const formattingOptions = {
    insertSpaces: !indent.startsWith("\t"),
    tabSize: indent.startsWith("\t") ? 4 : indent.length,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
  return applyEdits(text, modify(text, [...path], value, { formattingOptions, isArrayInsertion }));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), value);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An editor reads what it can of a broken file; to write into one would be to guess. */
export function problemIn(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, tolerant);
  const [first] = errors;
  if (first !== undefined) {
    const line = text.slice(0, first.offset).split("\n").length;
    return `line ${line}: ${printParseErrorCode(first.error)}; mend it, then run this again`;
  }
  return isObject(value) ? undefined : "is no object of settings";
}

export const tolerant = { allowTrailingComma: true, allowEmptyContent: true, disallowComments: false };
