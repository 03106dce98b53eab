import { type Arg, isKnown } from "../../model/arg.js";
import type { Sent } from "./sent-files.js";

/** What the words of a call send, and where; undefined when nothing leaves. */
export type Sender = (words: readonly Arg[]) => Sent | undefined;

/** Copies whose target is elsewhere: every operand but the last, and `-` for stdin. */
export const copies =
  (verbs: RegExp, isFar: RegExp, host: string): Sender =>
  (words) => {
    const shown = words.map((word) => (isKnown(word) ? word : word.prefix));
    const at = shown.findIndex((word) => verbs.test(word));
    if (
      at < 0 ||
      shown.some((word) => /^--?dry-?run$/.test(word)) ||
      (verbs.source.includes("copy") && shown.includes("-n"))
    )
      return undefined;
    const operands = words
      .slice(at + 1)
      .filter((word) => !isKnown(word) || !word.startsWith("-") || word === "-");
    const far = operands.findLast((word) => isFar.test(isKnown(word) ? word : word.prefix));
    const [first] = operands;
    // What comes from there stays here.
    if (far === undefined || (far === first && operands.length > 1 && shown[at] !== "rcat")) return undefined;
    const named = isKnown(far) ? far : far.prefix;
    const [, scheme = "", bucket = ""] = /^(\w+):\/\/([^/]*)/.exec(named) ?? [];
    return {
      host: scheme === "" ? (/^([\w.-]+)[:/]/.exec(named)?.[1] ?? host) : `${scheme}://${bucket}`,
      files: operands.filter((word) => word !== far && word !== "-"),
      isWhole: true,
      stdin: operands.includes("-") || /^(rcat|pipe)$/.test(shown[at] ?? ""),
    };
  };

/** Options whose values are the files. */
export const uploads =
  (path: RegExp, options: RegExp, host: string): Sender =>
  (words) => {
    const shown = words.map((word) => (isKnown(word) ? word : word.prefix));
    if (!path.test(shown.join(" "))) return undefined;
    const files = words.flatMap((word, at) =>
      options.test(shown[at - 1] ?? "")
        ? [word]
        : isKnown(word) && /^--[\w-]+=/.test(word) && options.test(word.replace(/=.*/s, ""))
          ? [word.replace(/^[^=]*=/, "")]
          : [],
    );
    return { host, files, isWhole: true, stdin: files.includes("-") };
  };

/** Words that are files, all of them: `croc send .env`. */
export const given =
  (path: RegExp, host: string): Sender =>
  (words) => {
    const shown = words.map((word) => (isKnown(word) ? word : word.prefix));
    if (!path.test(shown.join(" "))) return undefined;
    const files = words.filter((word) => !isKnown(word) || !word.startsWith("-"));
    return { host, files, isWhole: true, stdin: true, texts: words };
  };

/** The first that has something to say. */
export const any =
  (...list: readonly Sender[]): Sender =>
  (words) => {
    for (const sender of list) {
      const sent = sender(words);
      if (sent !== undefined) return sent;
    }
    return undefined;
  };

export const messages = (path: RegExp, host: string): Sender => {
  return (words) => {
    const shown = words.map((word) => (isKnown(word) ? word : word.prefix)).join(" ");
    return path.test(shown)
      ? { host, texts: words, files: fileValues(words), stdin: shown.includes(" -") }
      : undefined;
  };
};

/** `--message file://.env`, `--body-file .env` */
function fileValues(words: readonly Arg[]): readonly Arg[] {
  return words.flatMap((word, at) => {
    if (!isKnown(word)) return [];
    if (/^fileb?:\/\//.test(word)) return [word.replace(/^\w+:\/\//, "")];
    return /^(-F|--body-file|--notes-file)$/.test(String(words[at - 1] ?? "")) && word !== "-" ? [word] : [];
  });
}
