import { type Effect, opaqueEffect } from "../../model/effect.js";
import { type Server, sqlEffect } from "../sql/effects.js";
import { commandActions, groups, whole } from "./redis-words.js";

/**
 * A Lua script: the commands that it calls by name. One that looks for its keys itself reaches any number of them; one
 * that puts a command's name together is opaque.
 */
export function readScript(text: string, server: Server): readonly Effect[] {
  const calls = [
    ...text.matchAll(
      /\b(?:redis|server)\s*\.\s*p?call\s*\(\s*(?:(["'])([A-Za-z.]{1,40})\1(?:\s*,\s*(["'])([A-Za-z-]{1,40})\3)?)?/g,
    ),
  ];
  const names = calls.map(([, , name = "", , second = ""]) =>
    nameOf(name.toUpperCase(), second.toUpperCase()),
  );
  const searches = names.some((name) => /^(KEYS|SCAN|RANDOMKEY)$/.test(name));
  const shown = text.trim().slice(0, 200);
  // A function's own alias (`local c = redis.call`) is called without the name.
  if (names.includes("") || (/\bp?call\b(?!\s*\()/.test(text) && /redis|server/.test(text)))
    return [opaqueEffect(server.tool, shown, "a script whose commands are put together at run time")];
  const found = new Map<string, Effect>();
  for (const name of names) {
    const action = commandActions.get(name);
    if (action === undefined || found.has(name)) continue;
    const restricted = !whole.has(name) && !(searches && action === "delete");
    found.set(name, sqlEffect(server, { action, statement: name, target: "keys of a script", restricted }));
  }
  return [...found.values()];
}

function nameOf(name: string, second: string): string {
  return groups.has(name) ? `${name} ${second}` : name;
}
