import type {
  ArithmeticCommandExpansion,
  CommandExpansionPart,
  ProcessSubstitutionPart,
  Script,
} from "unbash";
import { type Arg, isKnown, joinReasons, type Unknown, unknown } from "../model/arg.js";
import type { World } from "../model/world.js";
import { apart } from "./chain.js";
import { isKeptBack } from "./origin.js";
import { resolvePath } from "./path.js";
import {
  deeper,
  halt,
  maxDepth,
  type Outcome,
  type Place,
  placeWith,
  quietRun,
  spanOf,
  wantedIf,
  worldNow,
} from "./place.js";
import { secretOrigin } from "./secret-origin.js";
import { adoptFiles, forkState, noteFile, type State } from "./state.js";
import { readStored } from "./stored.js";
import { runTraps } from "./trap.js";

type Substitution = CommandExpansionPart | ArithmeticCommandExpansion;

/** `$(…)` and backticks: its commands are calls; its value is known where all of them are plain. */
export function runSubstitution(place: Place, state: State, part: Substitution): Arg {
  const { script } = part;
  if (script === undefined) {
    halt(place.run);
    return unknown(part.text, "is nested too deeply");
  }
  const inPlace = part.text.startsWith("${");
  const inner = inPlace ? state : forkState(state);
  const outcome = runInner(place, inner, script, part);
  if (!inPlace) adoptFiles(state, inner);
  const stored = readRedirected(place, state, script);
  // `$(cat .env)`: what it says is not worth losing where it came from.
  const origin = stored === undefined ? outcome.origin : stored.origin;
  const printed = stored?.text ?? outcome.output;
  const output = isKeptBack(origin) ? undefined : printed;
  if (output === undefined) {
    const about = `what "${shorten(part.text)}" prints`;
    const reason = origin === undefined ? `${about} is not known` : `${about} ${origin}`;
    const secret = printed === undefined || !isKnown(printed) ? {} : printOf(printed, place.run.world);
    return outcome.lines === undefined
      ? { ...unknown(part.text, reason), ...secret }
      : { ...outcome.lines, source: part.text, reason, splits: false, ...secret };
  }
  return isKnown(output) ? output.replace(/\n+$/, "") : unknown(part.text, output.reason);
}

/** What a secret that was foreseen and is not said is known as: one word, as tokens are. */
function printOf(text: string, world: World): Pick<Unknown, "print"> {
  const value = text.replace(/\n+$/, "");
  return /^\S+$/.test(value) ? { print: world.fingerprint(value) } : {};
}

/** `<(…)` and `>(…)` as the path that the command gets. What it will read there is kept like a file that the line made. */
export function runProcess(place: Place, state: State, part: ProcessSubstitutionPart): string {
  const path = `/dev/fd/${63 - place.run.substitutions}`;
  place.run.substitutions += 1;
  const inner = forkState(state);
  if (part.operator === ">") {
    // `tee >(nc host port)` hands on what it reads.
    const { stdin } = state.input;
    const known = stdin.kind === "text" ? (stdin.origin ?? "") : stdin.kind === "unknown" ? stdin.reason : "";
    inner.input = { stdin: { kind: "unknown", reason: joinReasons("comes from a pipe", known) } };
  }
  const outcome = part.script === undefined ? undefined : runInner(place, inner, part.script, part);
  if (part.script === undefined) halt(place.run);
  adoptFiles(state, inner);
  const text = part.operator === "<" && !isKeptBack(outcome?.origin) ? outcome?.output : undefined;
  const lines = part.operator === "<" ? outcome?.lines : undefined;
  const reason = outcome?.origin ?? "comes from a process substitution";
  noteFile(
    state,
    path,
    text ??
      (lines === undefined
        ? unknown(part.text, reason, isKeptBack(outcome?.origin) ? "" : outcome?.begins)
        : { ...lines, source: part.text, reason }),
  );
  return path;
}

function runInner(
  place: Place,
  state: State,
  script: Script,
  part: Substitution | ProcessSubstitutionPart,
): Outcome {
  const { run } = place;
  if (place.depth >= maxDepth) halt(run);
  if (run.halted) return { status: "maybe", output: undefined };
  const kept = run.substitutions;
  const via = part.type === "ProcessSubstitution" ? `${part.operator}(…)` : "$(…)";
  // Positions inside escaped backticks are those of the decoded text, not of the line.
  const span = script.source === undefined ? undefined : spanOf(place, part);
  const inside = wantedIf(deeper(apart(place), via, span), true);
  if (losesSemicolon(place, part.text))
    run.errors.add('bash may take the "!" or "time" behind ";" for a word');
  const { output } = state;
  // `exec > log; rm -rf "$(cat list)"`: what it prints is caught all the same.
  if (via !== ">(…)") state.output = undefined;
  const outcome = run.walk.script(inside, state, script);
  if (part.text.startsWith("${")) state.output = output;
  if (part.type === "ProcessSubstitution" || !part.text.startsWith("${")) runTraps(inside, state, true);
  run.substitutions = kept;
  return outcome;
}

/** Bash 5.2 loses the `;` of `$(cat <<E … E⏎ rm -rf tmp; ! notes)`, which then deletes `notes` as well. */
function losesSemicolon({ run }: Place, text: string): boolean {
  const from = run.shell === "bash" && !text.startsWith("`") ? text.search(/(?<!<)<<(?!<)/) : -1;
  return from >= 0 && /;[ \t]*(?:!|time)\s/.test(text.slice(from));
}

/** `$(< file)` */
function readRedirected(
  place: Place,
  state: State,
  script: Script,
): { readonly text: Arg; readonly origin: Outcome["origin"] } | undefined {
  const command = script.commands[0]?.command;
  if (script.commands.length !== 1 || command?.type !== "Command") return undefined;
  const redirect = command.redirects[0];
  if (command.name !== undefined || command.prefix.length + command.suffix.length !== 1) return undefined;
  if (redirect?.type !== "Redirect" || redirect.operator !== "<" || redirect.target === undefined)
    return undefined;
  if (redirect.descriptor !== undefined) return undefined;
  // The words of the redirection are expanded a second time: their commands are calls already.
  const path = resolvePath(
    state.cwd,
    place.run.walk.value(placeWith(place, { run: quietRun(place.run) }), state, redirect.target),
  );
  const stdin = { kind: "file", path } as const;
  const origin = secretOrigin({ argv: ["cat"], stdin, cwd: state.cwd }, worldNow(place, state));
  // dash reads nothing.
  if (place.run.shell === "sh") return { text: unknown("$(<…)", "not every sh reads the file"), origin };
  return { text: readStored(place, state, path), origin };
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
