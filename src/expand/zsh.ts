import type { ParameterExpansionPart, WordPart } from "unbash";
import { isKnown } from "../model/arg.js";
import { envGet } from "../model/env.js";
import { hole, type Piece } from "./piece.js";
import type { Place } from "./place.js";
import { rereadPrompt } from "./reread.js";
import { exportedEnv, type State } from "./state.js";
import { assignUnknown, readVariable } from "./variable.js";

/**
 * `${(e)x}`, `${x:l}`, `${${…}}`, `${x::=y}`: what comes of them is not foreseen; the commands in them are. Undefined for what bash has as well.
 * https://zsh.sourceforge.io/Doc/Release/Expansion.html#Parameter-Expansion
 */
export function expandZshParameter(
  place: Place,
  state: State,
  part: ParameterExpansionPart,
  inQuotes: boolean,
): readonly Piece[] | undefined {
  if (!isZshOwn(part)) return undefined;
  const inside = part.text.slice(2, -1);
  rereadPrompt(place, state, inside);
  const assigned = /^(?:\(.*?\))?([A-Za-z_]\w*)::?=/.exec(inside)?.[1];
  if (assigned !== undefined) assignUnknown(place, state, assigned, "is set within an expansion");
  const [, flags = "", rest = ""] = /^\((.*?)\)(.*)$/s.exec(inside) ?? [];
  // Of `e` and `%` the value is expanded once more.
  if (/[e%]/.test(flags)) {
    rereadPrompt(place, state, rest.replaceAll("'", ""));
    const name = /^[A-Za-z_]\w*/.exec(rest)?.[0];
    const value = name === undefined ? undefined : readVariable(place, state, name);
    if (value?.kind === "scalar" && isKnown(value.text)) rereadPrompt(place, state, value.text);
  }
  return [hole("is an expansion of zsh's own", !inQuotes)];
}

function isZshOwn({ parameter, operation, prefix }: ParameterExpansionPart): boolean {
  if (operation?.type === "Unknown" || (parameter === "" && operation?.type !== "Default")) return true;
  if (parameter === "" && operation?.type === "Default") return /^[=?+-]/.test(operation.operator);
  return prefix === undefined && operation?.type === "Slice" && !/^[\s\d$(-]/.test(operation.offset.text);
}

/** `$x[2]` and `$x:l`, where bash ends at the name; with the part behind. */
export function goesOn(place: Place, parts: readonly WordPart[], at: number): boolean {
  if (place.run.shell !== "zsh" || parts[at]?.type !== "SimpleExpansion") return false;
  const next = parts[at + 1];
  return next !== undefined && (/^\[/.test(next.text) || /^:[aAceghlPqQrstuxX&]/.test(next.text));
}

/** `$=x`, `$~x`, `$^x`: what bash takes for letters. */
export function hidesParameter(text: string): boolean {
  return /\$[=~^+#]+[A-Za-z_@*\d]/.test(text);
}

/** `=rm` is the path of that program; any other word is itself. */
export function findEquals(place: Place, state: State, text: string): string {
  if (!text.startsWith("=")) return text;
  const name = /^=([\w.+-]+)$/.exec(text)?.[1];
  if (name === undefined) return text;
  const path = envGet(exportedEnv(state, place.run.env), "PATH");
  const found = path !== undefined && isKnown(path) ? place.run.world.findProgram(name, path) : undefined;
  return found ?? `/usr/bin/${name}`;
}
