import { type Arg, isKnown } from "../model/arg.js";
import { resolvePath } from "./path.js";
import type { Place } from "./place.js";
import type { State } from "./state.js";
import { readStored } from "./stored.js";

/** What curl and wget print: nothing where they save, a local file, or what they say of themselves. */
type Printed =
  | { readonly kind: "text"; readonly text: string }
  /** Not known, and yet nobody else's text. */
  | { readonly kind: "own" };

/** Whether what these words print is nobody else's text, though it is not known. */
export function printsItself(place: Place, state: State, argv: readonly Arg[]): boolean {
  const [name = "", ...args] = argv.filter(isKnown);
  const tool = /^(?:\/(?:usr\/)?bin\/)?(curl|wget)$/.exec(name)?.[1];
  if (tool === undefined || args.length !== argv.length - 1) return false;
  return printedBy(place, state, tool, args)?.kind === "own";
}

/** Undefined where it is what the network sends, or may be. */
export function printedBy(
  place: Place,
  state: State,
  tool: string,
  args: readonly string[],
): Printed | undefined {
  const isAsked = args.some((arg) => /^(--version|--help|-V|-h)$/.test(arg));
  if (isAsked && args.every((arg) => /^[\w-]+$/.test(arg))) return { kind: "own" };
  return tool === "curl" ? printedByCurl(place, state, args) : printedByWget(args);
}

/** Read only where all options are plain ones: an unknown one may send anything anywhere. */
function printedByCurl(place: Place, state: State, args: readonly string[]): Printed | undefined {
  const urls: string[] = [];
  const files: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (!arg.startsWith("-")) urls.push(arg);
    else if (/^(-[fgkLNsS]*O|--remote-name)$/.test(arg)) files.push("remote");
    else if (/^(-[fgkLNsS]*o|--output)$/.test(arg)) {
      at += 1;
      files.push(args[at] ?? "-");
    } else if (/^(-H|--header|-m|--max-time|--retry|--connect-timeout|-A|--user-agent)$/.test(arg)) at += 1;
    else if (
      !/^(-[fgkLNsS]+|--(fail|silent|show-error|location|insecure|progress-bar|compressed))$/.test(arg)
    )
      return undefined;
  }
  if (urls.length === 0 || files.some(isOutput)) return undefined;
  if (files.length >= urls.length) return { kind: "text", text: "" };
  if (files.length > 0 || !urls.every((url) => /^file:\/\/(localhost)?\//i.test(url))) return undefined;
  const texts = urls.map((url) => readLocal(place, state, url.replace(/^file:\/\/(localhost)?/i, "")));
  return texts.every(isKnown) ? { kind: "text", text: texts.join("") } : { kind: "own" };
}

function readLocal(place: Place, state: State, path: string): Arg {
  return readStored(place, state, resolvePath(state.cwd, path));
}

/** It saves what it fetches, unless told otherwise, if only by `--output-doc=-`; its log goes to stderr. */
function printedByWget(args: readonly string[]): Printed | undefined {
  if (args.some((arg) => /^(-[a-zA-NP-Z]*[oei]|--(?!output-document(=|$))(a|c|e|i|o))/.test(arg)))
    return undefined;
  const at = args.findIndex((arg) => /^(-[a-zA-NP-Z]*O|--output-document)/.test(arg));
  if (at < 0) return args.some((arg) => !arg.startsWith("-")) ? { kind: "text", text: "" } : undefined;
  const [, joined = ""] = /^(?:-[a-zA-NP-Z]*O|--output-document=?)(.*)$/s.exec(args[at] ?? "") ?? [];
  return isOutput(joined === "" ? (args[at + 1] ?? "-") : joined) ? undefined : { kind: "text", text: "" };
}

function isOutput(file: string): boolean {
  return file === "-" || /^\/(dev\/(stdout|fd\/|tty)|proc\/)/.test(file);
}
