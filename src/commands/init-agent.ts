import { join } from "node:path";
import { applyEdits, modify, parse } from "jsonc-parser";
import { hookPath, installHook } from "./hook-program.js";
import { isObject, problemIn, setValue, tolerant, valueAt } from "./init-editor.js";
import type { InitTarget, Setup } from "./init-target.js";
import type { Places } from "./places.js";

/** An agent that reads its hooks from a file of JSON. */
export interface AgentHooks {
  readonly name: string;
  readonly about: string;
  /** The folder with the agent's settings. */
  readonly folder: (setup: Setup) => string;
  /** In it. */
  readonly file: string;
  /** Below the project. */
  readonly projectFile: string;
  /** Each is one more entry of the list at `path`. */
  readonly entries: (places: Places) => readonly HookEntry[];
  /** What else must stand in a file that is new. */
  readonly also?: Readonly<Record<string, unknown>>;
  readonly next: readonly string[];
}

export interface HookEntry {
  readonly path: readonly string[];
  readonly value: unknown;
}

export function agentTarget(hooks: AgentHooks): InitTarget {
  const { name, about, entries, also = {}, next } = hooks;
  const added = (text: string, { places }: Setup): string => {
    const missing = Object.entries(also).filter(
      ([key]) => valueAt(parse(text, [], tolerant), [key]) === undefined,
    );
    const begun = missing.reduce((now, [key, value]) => setValue(now, [key], value), text);
    return entries(places).reduce(append, begun);
  };
  return {
    name,
    about,
    install: installHook,
    file: (setup) => join(setup.folder ?? hooks.folder(setup), hooks.file),
    projectFile: (root) => join(root, hooks.projectFile),
    add(text, setup) {
      const problem = problemIn(text) ?? problemAt(text, entries(setup.places));
      if (problem !== undefined) return { ok: false, reason: problem };
      const isSet = entries(setup.places).every(({ path, value }) =>
        listAt(text, path).some((one) => JSON.stringify(one) === JSON.stringify(value)),
      );
      return { ok: true, text: isSet ? text : added(text, setup) };
    },
    takeBack(text, setup) {
      const problem = problemIn(text);
      return problem === undefined
        ? {
            ok: true,
            text: entries(setup.places).reduce((now, entry) => without(now, entry, setup.places), text),
          }
        : { ok: false, reason: problem };
    },
    print: (setup) => added("{}", setup),
    next: () => next,
  };
}

/** Something else in the place of a list of hooks: to write there would be to guess. */
function problemAt(text: string, entries: readonly HookEntry[]): string | undefined {
  const found: unknown = parse(text, [], tolerant);
  const wrong = entries.find(({ path }) => {
    const above = path.slice(0, -1).map((_, at) => valueAt(found, path.slice(0, at + 1)));
    const list = valueAt(found, path);
    return (
      above.some((one) => one !== undefined && !isObject(one)) || (list !== undefined && !Array.isArray(list))
    );
  });
  return wrong === undefined
    ? undefined
    : `"${wrong.path.join(".")}" is no list of hooks; mend it, then run this again`;
}

function listAt(text: string, path: readonly string[]): readonly unknown[] {
  const list = valueAt(parse(text, [], tolerant), path);
  return Array.isArray(list) ? list : [];
}

function append(text: string, { path, value }: HookEntry): string {
  const list = listAt(text, path);
  return list.length === 0 ? setValue(text, path, [value]) : setValue(text, [...path, -1], value, true);
}

/** Whatever names our program is ours, also where somebody has changed it since; lists and objects that it leaves empty go. */
function without(text: string, { path }: HookEntry, places: Places): string {
  const list = listAt(text, path);
  const own = list.flatMap((one, at) =>
    JSON.stringify(one).includes(JSON.stringify(hookPath(places)).slice(1, -1)) ? [at] : [],
  );
  if (own.length === 0) return text;
  if (own.length < list.length)
    return own
      .toReversed()
      .reduce((now, at) => applyEdits(now, modify(now, [...path, at], undefined, {})), text);
  const cleared = setValue(text, path, undefined);
  const above = path.slice(0, -1);
  const left = valueAt(parse(cleared, [], tolerant), above);
  return above.length > 0 && isObject(left) && Object.keys(left).length === 0
    ? setValue(cleared, above, undefined)
    : cleared;
}
