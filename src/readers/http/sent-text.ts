import { type Arg, isKnown } from "../../model/arg.js";
import type { Call, Inner, Stdin } from "../../model/call.js";
import { toolName } from "../file-effects.js";
import { inner, nothing, type Reading } from "../reader.js";

/**
 * `printf 'DELETE /x HTTP/1.1\\r\\n…' > /dev/tcp/host/80`: what a builtin prints, handed to the reader of nc. Without a
 * socket (`>&3`) the text itself names its host, if it is one that `isWanted`.
 */
export function readSent(
  call: Call,
  socket: Socket | undefined,
  isWanted: (text: string) => boolean = () => true,
): Reading {
  const files = toolName(call) === "cat" ? call.argv.slice(1).filter((word) => !isOption(word)) : [];
  if (files.length > 0 && socket !== undefined)
    return inner(...files.map((path) => passOn(socket, { kind: "file", path })));
  const printed = printedText(call);
  if (printed === undefined || !isWanted(printed)) return nothing;
  const named = /^host:[ \t]*([^\s:]+)(?::(\d+))?/im.exec(printed);
  const host = socket?.host ?? named?.[1] ?? "an open descriptor";
  const port = socket?.port ?? named?.[2] ?? "80";
  return inner(passOn({ host, port }, { kind: "text", text: printed, from: "pipe" }));
}

export interface Socket {
  readonly host: string;
  readonly port: string;
}

function passOn({ host, port }: Socket, stdin: Stdin): Inner {
  return { kind: "call", argv: ["nc", host, port], via: "/dev/tcp", sight: "never", stdin };
}

function isOption(word: Arg): boolean {
  return isKnown(word) && word.startsWith("-");
}

/** As far as it takes to see an order in it: escapes are undone in any case, formats are not filled in. */
function printedText(call: Call): string | undefined {
  const words = call.argv.slice(1);
  switch (toolName(call)) {
    case "printf":
      return withoutEscapes(printfText(words));
    case "echo":
    case "print":
      return withoutEscapes(showKnown(words.filter((word) => !(isKnown(word) && /^-[neEr]+$/.test(word)))));
    case "cat":
      return words.length === 0 && call.stdin.kind === "text" ? call.stdin.text : undefined;
    default:
      return undefined;
  }
}

/** `printf 'DELETE %s HTTP/1.1' /x`: each `%s` takes the next word. */
function printfText([format = "", ...words]: readonly Arg[]): string {
  let next = 0;
  const filled = showKnown([format]).replace(/%(?:%|[-0-9.]*[sbdq])/g, (sign) => {
    if (sign === "%%") return "%";
    const word = words[next];
    next += 1;
    return word === undefined ? "" : showKnown([word]);
  });
  return filled;
}

function showKnown(words: readonly Arg[]): string {
  return words.map((word) => (isKnown(word) ? word : word.prefix)).join(" ");
}

function withoutEscapes(text: string): string {
  return text.replace(/\\r/g, "\r").replace(/\\n/g, "\n").replace(/\\t/g, "\t");
}
