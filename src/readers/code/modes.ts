import { type Arg, isKnown, unknown } from "../../model/arg.js";
import { type CodeValue, madeReason, oneText, showValue } from "./values.js";

/** A mode as chmod(1) is told it: `0o755`, `0755`, `511`, `"u+x"`, `st_mode | S_IXUSR`. */
export function readCodeMode(value: CodeValue): Arg {
  const text = oneText(value);
  if (text !== undefined) return isKnown(text) ? modeOfText(text) : modeOfNames(text.source);
  return modeOfNames(showValue(value));
}

function modeOfText(text: string): Arg {
  const [, octal] = /^0o([0-7]+)$/i.exec(text) ?? [];
  if (octal !== undefined) return octal;
  if (/^0x[0-9a-f]+$/i.test(text)) return Number(text).toString(8);
  // Written as a number, modes are octal; of the others these are the usual ones.
  return /[89]/.test(text) || usualDecimals.has(text) ? toOctal(text) : text;
}

const usualDecimals: ReadonlySet<string> = new Set(["511", "420"]);

function toOctal(text: string): Arg {
  const number = Number(text);
  return number >= 0 && number <= 0o7777 ? number.toString(8) : unknown(text, madeReason);
}

/** Names of sys/stat.h joined by bars; beside the mode that the file has, they are added to that. */
function modeOfNames(source: string): Arg {
  const words = source.match(/\bS_I\w+|\bS_I[A-Z]+/g) ?? [];
  const known = words.map((word) => bitsOf[word]);
  const bits = known.reduce<number>((sum, one) => sum | (one ?? 0), 0);
  if (words.length === 0 || known.includes(undefined) || /[~&^]/.test(source))
    return unknown(source, madeReason);
  const rest = source.replace(/(\w+\.)*S_I\w+|[\s|()]/g, "");
  return `${rest === "" ? "" : "+"}${bits.toString(8).padStart(3, "0")}`;
}

const bitsOf: Readonly<Record<string, number>> = {
  S_ISUID: 0o4000,
  S_ISGID: 0o2000,
  S_ISVTX: 0o1000,
  S_IRWXU: 0o700,
  S_IRUSR: 0o400,
  S_IREAD: 0o400,
  S_IWUSR: 0o200,
  S_IWRITE: 0o200,
  S_IXUSR: 0o100,
  S_IEXEC: 0o100,
  S_IRWXG: 0o070,
  S_IRGRP: 0o040,
  S_IWGRP: 0o020,
  S_IXGRP: 0o010,
  S_IRWXO: 0o007,
  S_IROTH: 0o004,
  S_IWOTH: 0o002,
  S_IXOTH: 0o001,
};
