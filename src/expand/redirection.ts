import type { HereDoc, Redirection, Redirect as RedirectNode } from "unbash";
import { type Arg, isKnown, unknown } from "../model/arg.js";
import { assertNever } from "../model/assert-never.js";
import type { Redirect, Stdin } from "../model/call.js";
import {
  contentOf,
  heldBy,
  numberOf,
  type OpenedBefore,
  openDescriptor,
  socketReason,
  stdinOf,
} from "./descriptor.js";
import { isKeptBack, joinOrigins } from "./origin.js";
import { resolvePath } from "./path.js";
import { joinPieces, type Piece, quoted } from "./piece.js";
import { type Place, spanOf } from "./place.js";
import { noteFile, type State } from "./state.js";
import { expandParts, expandText, expandWord } from "./word.js";

/** What the redirections of one command do to it. */
export interface Plumbing {
  readonly redirects: readonly Redirect[];
  /** Undefined when descriptor 0 stays what it was. */
  readonly stdin: Stdin | undefined;
  /** Where descriptor 1 goes; undefined when it stays. */
  readonly sink: Sink | undefined;
  /** What other descriptors gave before; undefined when it opens none. */
  readonly before: OpenedBefore | undefined;
}

export type Sink =
  | { readonly kind: "file"; readonly path: Arg; readonly appends: boolean }
  | { readonly kind: "elsewhere" };

const noPlumbing: Plumbing = { redirects: [], stdin: undefined, sink: undefined, before: undefined };

/** Expands redirections in their order. Files they write are from here on what the line made of them. */
export function expandRedirections(place: Place, state: State, nodes: readonly Redirection[]): Plumbing {
  if (nodes.length === 0) return noPlumbing;
  const redirects: Redirect[] = [];
  let stdin: Stdin | undefined;
  let sink: Sink | undefined;
  let before: Map<number, Arg | undefined> | undefined;
  const open = (number: number, content: Arg | undefined) => {
    before ??= new Map();
    if (!before.has(number)) before.set(number, heldBy(state, number));
    openDescriptor(state, number, content);
  };
  for (const node of nodes) {
    const number = numberOf(place, state, node) ?? 0;
    switch (node.type) {
      case "HereDoc": {
        const text = expandHereDoc(place, state, node);
        if (number === 0) stdin = readText(text);
        else open(number, text);
        break;
      }
      case "HereString": {
        const word = node.target === undefined ? "" : expandText(place, state, node.target);
        const text = isKnown(word) ? `${word}\n` : word;
        if (number === 0) stdin = readText(text);
        else open(number, text);
        break;
      }
      case "Redirect": {
        const redirect = expandRedirect(place, state, node);
        redirects.push(redirect);
        if (isReading(redirect.operator)) {
          const given = openInput(state, redirect, stdin);
          if (number === 0) stdin = given;
          else if (number > 2) {
            const isClosed = redirect.operator === "<&" && redirect.target === "-";
            open(number, isClosed ? undefined : contentOf(place, state, given ?? state.input.stdin));
          }
          if (redirect.operator === "<>") noteWritten(state, redirect.target);
        } else sink = openOutput(state, redirect, sink);
        break;
      }
      default:
        assertNever(node);
    }
  }
  return { redirects, stdin, sink, before };
}

/** What the line has now written to a file; undefined when that is not known. */
export function storeOutput(
  state: State,
  sink: Sink | undefined,
  text: string | undefined,
  origin?: string,
): void {
  if (sink?.kind !== "file" || !isKnown(sink.path) || isSpecialFile(sink.path)) return;
  const before = sink.appends ? state.files.map.get(sink.path) : "";
  const isPlain = before !== undefined && isKnown(before) && text !== undefined && before.length < 1_000_000;
  const kept = before === undefined || isKnown(before) ? undefined : before.reason;
  const said = joinOrigins(kept, origin);
  const value: Arg =
    isPlain && !isKeptBack(origin)
      ? `${before}${text}`
      : unknown(sink.path, said ?? "was written by this line before");
  noteFile(state, sink.path, value);
}

function readText(text: Arg): Stdin {
  return isKnown(text)
    ? { kind: "text", text, from: "heredoc" }
    : { kind: "unknown", reason: `the heredoc is not known: ${text.reason}` };
}

function expandHereDoc(place: Place, state: State, node: HereDoc): Arg {
  const strip = node.operator === "<<-";
  const { body } = node;
  if (node.delimiter?.quoted === true) return strip ? stripTabs(body.text, true) : body.text;
  if (body.parts === undefined) return decodeHereDoc(strip ? stripTabs(body.text, true) : body.text);
  let startsLine = true;
  const pieces = body.parts.flatMap((part): readonly Piece[] => {
    if (part.type !== "Literal") {
      startsLine = false;
      return expandParts(place, state, [part], true);
    }
    const text = strip ? stripTabs(part.text, startsLine) : part.text;
    startsLine = text.endsWith("\n");
    return [quoted(decodeHereDoc(text))];
  });
  return joinPieces(pieces, "heredoc");
}

function stripTabs(text: string, startsLine: boolean): string {
  const rest = text.replace(/\n\t+/g, "\n");
  return startsLine ? rest.replace(/^\t+/, "") : rest;
}

function decodeHereDoc(text: string): string {
  return text.replace(/\\(\n|[$`\\])/g, (_, char: string) => (char === "\n" ? "" : char));
}

function expandRedirect(place: Place, state: State, node: RedirectNode): Redirect {
  const descriptor = node.descriptor?.type === "FileDescriptor" ? node.descriptor.value : undefined;
  return {
    operator: node.operator,
    descriptor,
    target: expandTarget(place, state, node),
    span: spanOf(place, node),
  };
}

function expandTarget(place: Place, state: State, node: RedirectNode): Arg {
  if (node.target === undefined) {
    // `<file>` of a manual page: a shell refuses the whole line.
    place.run.errors.add(`expected redirect target at ${node.end}`);
    return "";
  }
  const [target, ...more] = expandWord(place, state, node.target);
  // A word that became none is an error of the shell, and opens nothing.
  if (target === undefined) return "";
  if (more.length === 0) return target;
  return unknown(node.target.text, "the target is not one word");
}

function isReading(operator: Redirect["operator"]): boolean {
  return operator === "<" || operator === "<>" || operator === "<&";
}

function openInput(state: State, redirect: Redirect, before: Stdin | undefined): Stdin | undefined {
  const { target } = redirect;
  if (redirect.operator === "<&") {
    if (target === "-") return { kind: "none" };
    if (target === "0") return before;
    const number = isKnown(target) ? /^(\d{1,4})-?$/.exec(target)?.[1] : undefined;
    const held = number === undefined ? undefined : heldBy(state, Number(number));
    return held === undefined
      ? { kind: "unknown", reason: "comes from another descriptor" }
      : stdinOf(held, "file");
  }
  const socket = socketReason(target);
  if (socket !== undefined) return { kind: "unknown", reason: socket };
  if (target === "/dev/null") return { kind: "none" };
  if (target === "/dev/stdin" || target === "/dev/fd/0" || target === "/proc/self/fd/0") return before;
  const path = resolvePath(state.cwd, target);
  if (!isKnown(path)) return { kind: "file", path };
  const made = state.files.map.get(path);
  if (made === undefined) return { kind: "file", path };
  return stdinOf(made, path === target && isSpecialFile(path) ? "pipe" : "file");
}

function openOutput(state: State, redirect: Redirect, before: Sink | undefined): Sink | undefined {
  const { operator, target, descriptor } = redirect;
  const isOutput = descriptor === undefined || descriptor === 1;
  const copies = operator === ">&" && isKnown(target) && /^(\d+-?|-)$/.test(target);
  if (copies) return isOutput && target !== "1" ? { kind: "elsewhere" } : before;
  noteWritten(state, target);
  if (!isOutput) return before;
  if (isKnown(target) && /^\/(dev\/(stdout|fd\/1)|proc\/self\/fd\/1)$/.test(target)) return before;
  return { kind: "file", path: resolvePath(state.cwd, target), appends: operator.includes(">>") };
}

function noteWritten(state: State, target: Arg): void {
  const path = resolvePath(state.cwd, target);
  if (!isKnown(path)) state.touched ??= "the line has written to a file that is not known before";
  else if (!isSpecialFile(path) && !state.files.map.has(path)) {
    noteFile(state, path, unknown(path, "was written by this line before"));
  }
}

function isSpecialFile(path: string): boolean {
  return path.startsWith("/dev/") || path.startsWith("/proc/");
}
