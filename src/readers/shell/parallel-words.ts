import { type Arg, isKnown, showArg, unknown } from "../../model/arg.js";
import { parentOf } from "../path.js";
import type { Job } from "./parallel-items.js";

/** A text for a shell with a job's items in it; those that are not known are named, for the shell to find. */
export interface JobText {
  readonly text: string;
  readonly hidden: readonly Arg[];
}

/** `{}`, `{.}`, `{/}`, `{2}`, `{2/.}`, `{-1}`, `{name}`, `{#}`, `{%}`, `{+/}`; `{= … =}` runs Perl on it. */
const marks = /\{=[^\n]*?=\}|\{(-?\d+|[A-Za-z_]\w*)?(\.\.?\.?|\/\.|\/\/|\/|\+[/.]+|#|##|%|%%|\^\^?|,,?)?\}/g;

/**
 * The command with each mark replaced, as parallel does: the item is quoted for a shell, wherever it stands. Without a mark
 * they all stand behind it; without a command they are it. `name`: how the shell finds the nth item that is not known.
 */
export function fillTemplate(
  template: readonly Arg[],
  job: Job,
  mark: string | undefined,
  isQuoted: boolean,
  name: (at: number) => string,
): JobText {
  const hidden: Arg[] = [];
  const hide = (item: Arg): string => {
    hidden.push(item);
    return name(hidden.length);
  };
  const show = (item: Arg): string => (isKnown(item) ? quote(item) : hide(item));
  if (template.length === 0)
    return { text: job.items.map((item) => (isKnown(item) ? item : hide(item))).join(" "), hidden };
  let isMarked = false;
  const words = template.map((word) => {
    if (!isKnown(word)) return hide(word);
    const text = mark === undefined ? word : word.replaceAll(mark, "{}");
    const filled = text.replace(marks, (whole, key = "", edit = "") => {
      const items = itemsOf(job, key, whole);
      if (items === undefined) return whole;
      isMarked = true;
      return items.map((item) => show(edited(item, whole.startsWith("{=") ? "=" : edit))).join(" ");
    });
    return isQuoted && filled === text ? quote(text) : filled;
  });
  const behind = isMarked ? [] : job.items.map(show);
  return { text: [...words, ...behind].join(" "), hidden };
}

/** Undefined where it is no mark of this job: `{}` of awk, `${HOME}`, `{a,b}`. */
function itemsOf(job: Job, key: string, whole: string): readonly Arg[] | undefined {
  if (job.items.length === 0) return undefined;
  if (key === "") return /^\{[#%]+\}$/.test(whole) ? ["1"] : job.items;
  const number = Number(key);
  if (Number.isInteger(number)) {
    const item = job.items.at(number > 0 ? number - 1 : number);
    return item === undefined ? [] : [item];
  }
  const named = job.named.get(key);
  return named === undefined ? undefined : [named];
}

function edited(item: Arg, edit: string): Arg {
  if (edit === "" || /^[#%]/.test(edit)) return item;
  if (!isKnown(item) || !edits.has(edit)) return unknown(showArg(item), "parallel makes it of its item");
  return edits.get(edit)?.(item) ?? item;
}

const baseOf = (text: string): string => text.slice(text.lastIndexOf("/") + 1);
const stemOf = (text: string): string => text.replace(/(?<=[^/])\.[^./]*$/, "");
const edits: ReadonlyMap<string, (text: string) => string> = new Map([
  [".", stemOf],
  ["/", baseOf],
  ["//", (text: string) => (text.includes("/") ? parentOf(text) : ".")],
  ["/.", (text: string) => stemOf(baseOf(text))],
  ["..", (text: string) => stemOf(stemOf(text))],
  ["...", (text: string) => stemOf(stemOf(stemOf(text)))],
]);

function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
