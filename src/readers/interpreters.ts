import { type Arg, isKnown, showArg } from "../model/arg.js";
import type { Call, Inner } from "../model/call.js";
import { type Effect, opaqueEffect } from "../model/effect.js";
import type { World } from "../model/world.js";
import { type CodeCall, findCalls, isText, isWord } from "./code-calls.js";
import { deletion, editing, readPaths, toolName } from "./file-effects.js";
import { readOrmCalls } from "./orm-calls.js";
import { effects, inner, join, type Reader, type Reading } from "./reader.js";
import { lineSight, wrap } from "./sight.js";
import { namesDeleter } from "./stranger.js";

const pythons = ["python", "python2", "python3", "pypy", "pypy3"].concat(
  Array.from({ length: 9 }, (_, minor) => `python3.${minor + 7}`),
);

/** The option in front of the code, by family: `python3 -Ic`, `node -e`, `perl -ne`, `php -r`, `deno eval`. */
const families: readonly {
  readonly names: readonly string[];
  readonly code: RegExp;
  readonly ticks: boolean;
}[] = [
  { names: pythons, code: /^-[bBdEhiIOqsSuvVx]*c(.*)$/s, ticks: false },
  {
    names: ["node", "nodejs", "bun", "tsx", "ts-node", "ts-node-esm"],
    code: /^(?:-e|-p|-pe|--eval|--print|--eval=(.*)|--print=(.*))$/s,
    ticks: false,
  },
  { names: ["deno"], code: /^eval$/, ticks: false },
  { names: ["ruby"], code: /^-[a-zA-Z]*e$/, ticks: true },
  { names: ["perl"], code: /^-[a-zA-Z0-9]*[eE]$/, ticks: true },
  { names: ["php"], code: /^-[rBRE]$/, ticks: true },
];

/** One-liners, as far as they are plain: what they start, and what they delete by a function of their own. */
export const interpreters: readonly Reader[] = families.map(({ names, code, ticks }) => ({
  names,
  read: (call, world) => join(...codesOf(call, code).map((text) => readCode(call, world, text, ticks))),
}));

function codesOf(call: Call, option: RegExp): readonly string[] {
  const words = call.argv.slice(1);
  const codes = words.flatMap((word, at): readonly Arg[] => {
    const match = isKnown(word) ? option.exec(word) : null;
    if (match === null) return [];
    const attached = match.slice(1).find((part) => part !== undefined && part !== "");
    return attached === undefined ? words.slice(at + 1, at + 2) : [attached];
  });
  // `python3 - <<EOF`
  const takesStdin = codes.length === 0 && words.every((word) => isKnown(word) && /^-[a-zA-Z]*$/.test(word));
  return takesStdin && call.stdin.kind === "text" ? [call.stdin.text] : codes.filter(isKnown);
}

const starts =
  /(^|\.|::)(system|popen|execSync|execFileSync|execFile|spawn|spawnSync|getoutput|getstatusoutput|check_call|check_output|Popen|shell_exec|passthru|proc_open|exec[lv]p?e?|capture2e?|capture3)$|^(subprocess\.(run|call)|(child_process\.|cp\.|Kernel\.)?exec|\)\.exec|(new )?Deno\.Command)$/;
const deletesFile =
  /^(os\.(remove|unlink|truncate)|(.*\.)?(unlinkSync|truncateSync|unlink)|File\.(delete|unlink)|FileUtils\.(rm|rm_f|remove))$/;
const deletesTree =
  /^((shutil\.)?rmtree|remove_tree|(.*\.)?rmSync|(fs|fsp|fs\.promises|promises)\.(rm|rmdir)|(.*\.)?rmdirSync|FileUtils\.(rm_r|rm_rf|rmtree|remove_dir|remove_entry\w*)|Deno\.remove(Sync)?)$/;
const opens = /^((io|codecs|File)\.)?open$/;
const writes = /^(.*\.)?(writeFileSync|writeFile|createWriteStream|file_put_contents)$|^(File|IO)\.write$/;
const paths = /^(pathlib\.)?Path$/;
const guardedPath =
  /["'`](\/usr)?(\/local)?\/s?bin\/(rm|unlink|shred|dd|truncate|mv|find|curl|wget|psql|aws|git|railway|kubectl|terraform)\b/;

function readCode(call: Call, world: World, text: string, ticks: boolean): Reading {
  const tool = toolName(call);
  const started = findCalls(text, starts);
  const ticked = ticks ? [...text.matchAll(/`([^`]+)`|(?:\bqx|%x)\s*[({[/|!](.+?)[)}\]/|!]/gs)] : [];
  const inners = [
    ...started.flatMap((one) => readStart(call, world, one)),
    ...ticked.map(([, one, other]) => line(call, world, one ?? other ?? "")),
  ];
  const remove = (found: readonly CodeCall[], recursive: boolean) =>
    found.flatMap(({ values }) =>
      readPaths(call, world, values.filter(isText), "delete", (path) => [deletion(tool, path, recursive)]),
    );
  const unlinked = findCalls(text, paths).filter(({ rest }) => /^\)\s*\.\s*(unlink|rmdir)\b/.test(rest));
  const hidden: readonly Effect[] =
    inners.length === 0 && ((started.length > 0 && guardedPath.test(text)) || namesDeleter(text))
      ? [opaqueEffect(tool, text, "it starts a program by its path, with words that are not plain")]
      : [];
  return join(
    effects(
      ...remove(findCalls(text, deletesFile), false),
      ...remove(findCalls(text, deletesTree), true),
      ...remove(unlinked, false),
      ...readPaths(call, world, findWritten(text), "overwrite", (path) => editing(tool, path, world)),
      ...hidden,
    ),
    inner(...inners),
    readOrmCalls(tool, text),
  );
}

/** `open("f", "w")`, `writeFileSync("f", …)`, perl's `open(F, ">", "f")`. */
function findWritten(text: string): readonly string[] {
  return [
    ...findCalls(text, opens).flatMap(({ values: [first, second, third] }) => {
      if (isText(first) && isText(second) && /^[wx]|^\w\+/.test(second)) return [first];
      if (isText(second) && /^\+?>[^>]*$/.test(second))
        return isText(third) ? [third] : [second.replace(/^\+?>\s*/, "")];
      return [];
    }),
    ...findCalls(text, writes).flatMap(({ values: [first] }) => (isText(first) ? [first] : [])),
    // perl needs no parentheses.
    ...[...text.matchAll(/\bopen\s+\S+\s*,\s*["']\+?>["']\s*,\s*["']([^"'$@]+)["']/g)].map(
      ([, path = ""]) => path,
    ),
  ].filter((path) => path !== "");
}

/** `run(["rm", "-r", "x"])`, `spawn("rm", ["-r", "x"])`, `system("rm", "-r", "x")` are words; one string is for a shell. */
function readStart(call: Call, world: World, { name, values }: CodeCall): readonly Inner[] {
  const [first, second] = values;
  if (first === undefined) return [];
  const via = toolName(call);
  if (!isWord(first)) return wrap(call, world, first, via);
  if (second !== undefined && !isWord(second)) {
    // The list of execv begins with the name that the program is told.
    return wrap(call, world, [first, ...(/exec[lv]/.test(name) ? second.slice(1) : second)], via);
  }
  if (name.endsWith("Command") && second !== undefined) {
    const list = findCalls(`args${showArg(second).replace(/^.*?args:\s*/s, "")}`, /^args$/)[0]?.values[0];
    return wrap(call, world, list === undefined || isWord(list) ? [first] : [first, ...list], via);
  }
  const isList =
    second !== undefined && isText(second) && /(system|exec|exec[lv]p?e?|capture\w*)$/.test(name);
  if (isList) {
    const words = values.filter(isWord);
    return wrap(call, world, [first, ...words.slice(/exec[lv]/.test(name) ? 2 : 1)], via);
  }
  return isKnown(first) ? [line(call, world, first)] : [];
}

function line(call: Call, world: World, text: string): Inner {
  return { kind: "line", text, shell: "sh", via: toolName(call), ...lineSight(call, world) };
}
