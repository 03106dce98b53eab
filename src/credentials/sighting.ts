import { readFile } from "../world/file-system.js";
import type { Detected } from "./detect.js";

/** One place that a credential was seen at, with its value: it never leaves the process. */
export interface Sighting extends Detected {
  /** Absolute real path; undefined for a variable of the environment. */
  readonly file: string | undefined;
  /** Milliseconds since the epoch; undefined for a variable, and for what is only in git's history. */
  readonly modified: number | undefined;
  /** What stands around it: the text of its file, or all variables. */
  readonly around: () => string;
  /** Where it was seen in git's history alone. */
  readonly commit?: { readonly id: string; readonly time: number };
}

/** Texts of files, each read once; "" for one that is gone meanwhile. */
export function openTexts(): (file: string) => string {
  const texts = new Map<string, string>();
  return (file) => {
    const known = texts.get(file);
    if (known !== undefined) return known;
    const read = readFile(file, largest);
    const text = read.ok ? Buffer.from(read.bytes).toString("utf8") : "";
    texts.set(file, text);
    return text;
  };
}

const largest = 1 << 20;
