import type { Arg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { findCalls, isText } from "../code/calls.js";
import { appending, deletion, editing, overwriting, readPaths, toolName } from "../file-effects.js";
import { resolvePath } from "../path.js";
import { effects, inner, join, nothing, type Reading } from "../reader.js";
import { readShellWords } from "../shell/launchers.js";
import { wrap } from "../sight.js";
import { readText } from "./text-file.js";

/** An editor's call, and the files that it was given. */
export interface Edited {
  readonly call: Call;
  readonly world: World;
  readonly files: readonly Arg[];
}

/** Orders of ex, one a line or between bars; behind a `!` the bars are the shell's. */
export function ordersOf(text: string): readonly string[] {
  return text.split("\n").flatMap((line) => {
    const parts = line.split(/\|(?!\|)/);
    const bang = parts.findIndex((part) => shellOrder.test(part));
    return bang < 0 ? parts : [...parts.slice(0, bang), parts.slice(bang).join("|")];
  });
}

/** `:`, blanks, modifiers, then a range or a pattern's `g/x/`. */
const front = /^[\s:]*(?:(?:sil(?:ent)?!?|noa\w*|keep\w+|conf\w*|vert\w*|tab)\s+)*(?:[\d.,$%'<>*+-]+\s*)?/;
const shellOrder = new RegExp(`${front.source}(?:r(?:ead)?\\s+|w(?:rite)?\\s+|te(?:r\\w*)?\\s+)?!(.+)$`, "s");
const terminal = new RegExp(`${front.source}te(?:r\\w*)?!?\\s+(.+)$`, "s");
const told = new RegExp(`${front.source}(?:exe\\w*\\s+(["'])(.*)\\1|norm\\w*!?\\s+:(.*?)(?:\\r|$))`, "s");
const written = new RegExp(
  `${front.source}(w|wq|write|x|xit|exi|exit|up|update|sav|saveas|mks\\w*|mkv\\w*|mk|mkexrc|redir?)(?![a-z])(!?)\\s*(>>|>)?\\s*(?:\\+\\+\\w+(?:=\\S+)?\\s+)*([^\\s!>"].*?)?\\s*$`,
  "s",
);
const sourced = new RegExp(`${front.source}so(?:urce)?!?\\s+(\\S+)\\s*$`, "s");

/** Scripts that source each other. */
const maxDepth = 5;

/** One order: `!cmd`, `%!cmd`, `r !cmd`, `w !cmd`, `w! FILE`, `so FILE`; of Vim's script `system()`, `delete()`, `writefile()`. */
export function readOrder(order: string, edited: Edited, depth = 0): Reading {
  if (depth > maxDepth) return nothing;
  const { call, world } = edited;
  const again = (text: string): Reading =>
    join(...ordersOf(text).map((one) => readOrder(one, edited, depth + 1)));
  const command = shellOrder.exec(order)?.[1] ?? terminal.exec(order)?.[1];
  const [, , quoted, typed] = told.exec(order) ?? [];
  const [, script] = sourced.exec(order) ?? [];
  return join(
    command === undefined ? nothing : readShellWords(call, world, [command], toolName(call)),
    again(quoted ?? typed ?? ""),
    script === undefined ? nothing : again(readText(call, world, script) ?? ""),
    readWritten(order, edited),
    readFunctions(order, edited),
  );
}

/** `call job_start(['rm', '-r', 'notes'])`, `call system(['rm', 'x'])`: words in the place of a line. */
function listsIn(order: string): readonly (readonly string[])[] {
  const lists = order.matchAll(/\b(?:job_?start|term_?start|termopen|system|systemlist)\(\s*\[([^\]]*)\]/g);
  return [...lists].map(([, list = ""]) =>
    [...list.matchAll(/"((?:\\.|[^"\\])*)"|'([^']*)'/g)].map(([, double, single]) => double ?? single ?? ""),
  );
}

/** `e notes.txt`, `argadd a b`: the files that orders open, beside those of the command line. */
export function openedBy(orders: readonly string[]): readonly string[] {
  return orders.flatMap((order) => {
    const [, names = ""] =
      /^[\s:]*(?:e|ed|edit|sp|split|vs|vsplit|tabe|tabedit|tabnew|new|vi|visual|ar|args|arga|argadd|arge|argedit)!?\s+([^|]+)$/.exec(
        order,
      ) ?? [];
    return names.split(/\s+/).filter((name) => name !== "" && !/^[+#%]/.test(name));
  });
}

/** Without `!` it refuses to write over what is there (vim: `:help E13`), but the file that it edits. */
function readWritten(order: string, { call, world, files }: Edited): Reading {
  const [, , bang, angle, file] = written.exec(order) ?? [];
  if (file === undefined || (bang === "" && angle !== ">>")) return nothing;
  const isOwn = files.some((one) => resolvePath(call, world, one) === resolvePath(call, world, file));
  const write = angle === ">>" ? appending : isOwn ? editing : overwriting;
  return effects(
    ...readPaths(call, world, [file], "overwrite", (path) => write(toolName(call), path, world)),
  );
}

function readFunctions(order: string, { call, world }: Edited): Reading {
  const tool = toolName(call);
  const textsAt = (names: RegExp, at: number): readonly string[] =>
    findCalls(order, names).flatMap(({ values }) => values.slice(at, at + 1).filter(isText));
  const lines = textsAt(
    /^(system|systemlist|os\.execute|os\.system|io\.popen|term_start|jobstart|job_start|vim\.fn\.system)$/,
    0,
  );
  const gone = textsAt(/^(delete|vim\.fn\.delete|os\.remove)$/, 0);
  // An empty list is no value here.
  const made =
    [1, 0].map((at) => textsAt(/^(writefile|vim\.fn\.writefile)$/, at)).find((one) => one.length > 0) ?? [];
  return join(
    ...lines.map((text) => readShellWords(call, world, [text], tool)),
    ...listsIn(order).map((words) => inner(...wrap(call, world, words, tool))),
    effects(
      ...readPaths(call, world, gone, "delete", (path) => [deletion(tool, path, true)]),
      ...readPaths(call, world, made, "overwrite", (path) => overwriting(tool, path, world)),
    ),
  );
}
