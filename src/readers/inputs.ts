import { type Arg, isKnown, secretsOf, type Unknown, unknown } from "../model/arg.js";
import { assertNever } from "../model/assert-never.js";
import { decodeBytes } from "../model/bytes.js";
import type { Call } from "../model/call.js";
import { envGet } from "../model/env.js";
import type { World } from "../model/world.js";
import { resolvePath } from "./path.js";

/** Where a network tool takes bodies, headers and orders from: files and stdin. */
export interface Inputs {
  /** The content of a file; `-` is stdin. */
  readText(file: Arg): string | Unknown;
  /** The same, and remembered as sent out. */
  send(file: Arg): string | Unknown;
  variable(name: string): Arg | undefined;
  /** Files whose content is sent, absolute; "-" left out. */
  readonly sent: ReadonlySet<string>;
  /** Stdin was asked for and is not known yet. */
  wantsStdin(): boolean;
}

/** A body beyond this is not read; what is not read cannot be judged. */
const cap = 4 << 20;

/** The files and the stdin that a call is given to read or send, with a note of what was sent. */
export function openInputs(call: Call, world: World): Inputs {
  const sent = new Set<string>();
  let wanted = false;
  const readText = (file: Arg): string | Unknown => {
    if (!isKnown(file)) return file;
    if (/^(-|\/dev\/stdin|\/dev\/fd\/0|\/proc\/self\/fd\/0)$/.test(file)) {
      const text = readStdin(call, world);
      if (!isKnown(text)) wanted = true;
      return text;
    }
    return readPath(file, call, world);
  };
  return {
    readText,
    sent,
    send: (file) => {
      const path = resolvePath(call, world, file === "-" ? stdinFile(call) : file);
      if (path !== undefined && isKnown(path)) sent.add(path);
      const text = readText(file);
      const said = isKnown(text) ? "" : text.reason;
      const piped = file === "-" && call.stdin.kind === "text" ? (call.stdin.origin ?? "") : "";
      for (const secret of [...secretsOf(said), ...secretsOf(piped)]) sent.add(secret);
      return text;
    },
    variable: (name) => envGet(call.env, name),
    wantsStdin: () => wanted,
  };
}

/** The file that stdin comes from, "" for none: `curl -d @- < .env` sends it like any other. */
export function stdinFile({ stdin, redirects }: Pick<Call, "stdin" | "redirects">): Arg {
  const redirect = redirects.findLast(
    ({ operator, descriptor }) => operator === "<" && (descriptor ?? 0) === 0,
  );
  return redirect?.target ?? (stdin.kind === "file" ? stdin.path : "");
}

function readStdin(call: Call, world: World): string | Unknown {
  const { stdin } = call;
  switch (stdin.kind) {
    case "none":
      return "";
    case "text":
      return stdin.text;
    case "file":
      return isKnown(stdin.path) ? readPath(stdin.path, call, world) : stdin.path;
    case "terminal":
      return unknown("-", "it is typed on the terminal");
    case "unknown":
      return unknown("-", stdin.reason);
    default:
      return assertNever(stdin);
  }
}

function readPath(file: string, call: Call, world: World): string | Unknown {
  const path = resolvePath(call, world, file);
  if (path === undefined || !isKnown(path)) return path ?? unknown(file, "no file is named");
  const content = world.readFile(path, cap);
  if (!content.ok) return unknown(file, `the file "${file}" cannot be read: ${content.reason}`);
  const text = decodeBytes(content.bytes);
  if (!content.complete) return unknown(file, `the file "${file}" is too large to be looked through`, text);
  return text;
}
