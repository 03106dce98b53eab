import { type Arg, isKnown, unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { deletion, editing, readPaths, toolName } from "../file-effects.js";
import { readText } from "../files/text-file.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { lineSight, wrap } from "../sight.js";

/** Lisps: what the forms of a one-liner delete, write and start, as far as their arguments are plain texts. */
export const lisp: Reader = {
  names: [
    "guile",
    "racket",
    "sbcl",
    "clisp",
    "ecl",
    "clojure",
    "clj",
    "bb",
    "gosh",
    "csi",
    "chicken-csi",
    "chez",
    "emacs",
    "emacsclient",
  ],
  read: (call, world) => join(...textsOf(call, world).map((text) => readForms(text, call, world))),
};

const codeOptions: ReadonlySet<string> = new Set(["-c", "-e", "--eval", "-eval", "-x", "--execute", "-E"]);

function textsOf(call: Call, world: World): readonly string[] {
  const words = call.argv.slice(1);
  const codes = words.flatMap((word, at) => {
    const attached = isKnown(word) ? /^--eval=(.*)$/s.exec(word)?.[1] : undefined;
    return attached ?? (isOption(words[at - 1]) ? word : []);
  });
  if (codes.length > 0) return codes.filter(isKnown);
  const file = words.find((word) => isKnown(word) && /\.(scm|rkt|lisp|cl|clj|cljs|bb|ss)$/.test(word));
  const stdin = call.stdin.kind === "text" && words.length === 0 ? [call.stdin.text] : [];
  const text = file === undefined ? undefined : readText(call, world, file);
  // A script's file is written for more than this one run.
  return text === undefined ? stdin : [];
}

function isOption(word: Arg | undefined): boolean {
  return word !== undefined && isKnown(word) && codeOptions.has(word);
}

/** A form's head, and what stands behind it; forms within are found by themselves. */
const form = /\(\s*([^\s()"';]+)((?:\s+(?:"(?:\\[\s\S]|[^"\\])*"|[^\s()"]+))*)/g;
const item = /"((?:\\[\s\S]|[^"\\])*)"|([^\s()"]+)/g;

function readForms(source: string, call: Call, world: World): Reading {
  const text = source.slice(0, 256 * 1024);
  return join(
    ...[...text.matchAll(form)].map(([, head = "", behind = ""]) => {
      const words = [...behind.matchAll(item)].map(
        ([, quoted, bare = ""]): Arg =>
          quoted === undefined
            ? unknown(bare, "a value that the program makes")
            : quoted.replace(/\\(.)/gs, "$1"),
      );
      return readForm(head.replace(/^.*[/:](?=.)/, ""), words, call, world);
    }),
  );
}

function readForm(head: string, words: readonly Arg[], call: Call, world: World): Reading {
  const tool = toolName(call);
  const known = words.filter(isKnown);
  const [first, second] = known;
  if (
    /^(delete-file|delete-directory|delete-directory-tree|delete-directory\/files|delete-tree|delete-dir|delete-if-exists|remove-directory|rmdir|remove-file|rm-rf)$/.test(
      head,
    )
  )
    return effects(
      ...readPaths(call, world, known.slice(0, 1), "delete", (path) => [
        deletion(tool, path, !/file$/.test(head)),
      ]),
    );
  if (/^(spit|with-output-to-file|call-with-output-file|open-output-file|write-file|write-lines)$/.test(head))
    return effects(
      ...readPaths(call, world, known.slice(0, 1), "overwrite", (path) => editing(tool, path, world)),
    );
  if (
    /^(rename-file|rename-file-or-directory|move|copy-file|copy)$/.test(head) &&
    first !== undefined &&
    second !== undefined
  )
    return inner({
      kind: "call",
      argv: [/^copy/.test(head) ? "cp" : "mv", "--", first, second],
      via: tool,
      sight: "never",
    });
  // One text is for a shell; several are words.
  if (
    /^(system|system\*|shell|sh|run-shell-command|shell-command|shell-command-to-string|async-shell-command|process|run-program|exec|open-input-pipe|open-pipe\*?|tokenize)$/.test(
      head,
    ) &&
    first !== undefined
  )
    return known.length === 1 && !/\*$/.test(head)
      ? inner({ kind: "line", text: first, shell: "sh", via: tool, ...lineSight(call, world) })
      : inner(...wrap(call, world, words, tool));
  const started = emacsProcess.get(head);
  if (started !== undefined) {
    const [program, args] = started;
    const argv = [...words.slice(program, program + 1), ...words.slice(args)];
    return inner(...wrap(call, world, argv, tool));
  }
  return nothing;
}

/** Which argument names the program, and where those begin that it gets (Emacs Lisp manual, "Creating Subprocesses"). */
const emacsProcess: ReadonlyMap<string, readonly [program: number, args: number]> = new Map([
  ["call-process", [0, 4]],
  ["process-file", [0, 4]],
  ["process-lines", [0, 1]],
  ["start-process", [2, 3]],
]);
