import type { HereDoc, Redirection, Redirect as RedirectNode } from "unbash";
import { type Arg, isKnown, unknown } from "../model/arg.js";
import { assertNever } from "../model/assert-never.js";
import type { Redirect, Stdin } from "../model/call.js";
import { resolvePath } from "./path.js";
import { joinPieces, type Piece, quoted } from "./piece.js";
import { type Place, spanOf } from "./place.js";
import type { State } from "./state.js";
import { setEntry } from "./table.js";
import { expandParts, expandText, expandWord } from "./word.js";

/** What the redirections of one command do to it. */
export interface Plumbing {
  readonly redirects: readonly Redirect[];
  /** Undefined when descriptor 0 stays what it was. */
  readonly stdin: Stdin | undefined;
  /** Where descriptor 1 goes; undefined when it stays. */
  readonly sink: Sink | undefined;
}

export type Sink =
  | { readonly kind: "file"; readonly path: Arg; readonly appends: boolean }
  | { readonly kind: "elsewhere" };

const noPlumbing: Plumbing = { redirects: [], stdin: undefined, sink: undefined };

/** Expands redirections in their order. Files they write are from here on what the line made of them. */
export function expandRedirections(place: Place, state: State, nodes: readonly Redirection[]): Plumbing {
  if (nodes.length === 0) return noPlumbing;
  const redirects: Redirect[] = [];
  let stdin: Stdin | undefined;
  let sink: Sink | undefined;
  for (const node of nodes) {
    const isInput = readDescriptor(node) === undefined || readDescriptor(node) === 0;
    switch (node.type) {
      case "HereDoc":
        if (isInput) stdin = readText(expandHereDoc(place, state, node));
        else expandHereDoc(place, state, node);
        break;
      case "HereString": {
        const text = node.target === undefined ? "" : expandText(place, state, node.target);
        if (isInput) stdin = readText(isKnown(text) ? `${text}\n` : text);
        break;
      }
      case "Redirect": {
        const redirect = expandRedirect(place, state, node);
        redirects.push(redirect);
        if (isReading(redirect.operator)) {
          if (isInput) stdin = openInput(state, redirect, stdin);
          if (redirect.operator === "<>") noteWritten(state, redirect.target);
        } else sink = openOutput(state, redirect, sink);
        break;
      }
      default:
        assertNever(node);
    }
  }
  return { redirects, stdin, sink };
}

/** What the line has now written to a file; undefined when that is not known. */
export function storeOutput(state: State, sink: Sink | undefined, text: string | undefined): void {
  if (sink?.kind !== "file" || !isKnown(sink.path) || isSpecialFile(sink.path)) return;
  const before = sink.appends ? state.files.map.get(sink.path) : "";
  const isPlain = before !== undefined && isKnown(before) && text !== undefined && before.length < 1_000_000;
  const value: Arg = isPlain ? `${before}${text}` : unknown(sink.path, "was written by this line before");
  setEntry(state.files, sink.path, value);
}

function readDescriptor(node: Redirection): number | undefined {
  if (node.descriptor === undefined) return undefined;
  return node.descriptor.type === "FileDescriptor" ? node.descriptor.value : 10;
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
    return target === "0" ? before : { kind: "unknown", reason: "comes from another descriptor" };
  }
  if (target === "/dev/null") return { kind: "none" };
  if (target === "/dev/stdin" || target === "/dev/fd/0" || target === "/proc/self/fd/0") return before;
  const path = resolvePath(state.cwd, target);
  if (!isKnown(path)) return { kind: "file", path };
  const made = state.files.map.get(path);
  if (made === undefined) return { kind: "file", path };
  return isKnown(made)
    ? { kind: "text", text: made, from: path === target && isSpecialFile(path) ? "pipe" : "file" }
    : { kind: "unknown", reason: made.reason, ...(made.shape !== undefined && { lines: made }) };
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
    setEntry(state.files, path, unknown(path, "was written by this line before"));
  }
}

function isSpecialFile(path: string): boolean {
  return path.startsWith("/dev/") || path.startsWith("/proc/");
}
