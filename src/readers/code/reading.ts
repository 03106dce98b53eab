import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { toolName } from "../file-effects.js";
import type { ApiTable } from "../http/api-table.js";
import { effects, join, nothing, type Reading } from "../reader.js";
import { namesDeleter } from "../shell/stranger.js";
import { readCloudCall } from "./cloud.js";
import { type CodeDeed, deedOf } from "./deeds.js";
import { readFileDeed } from "./files.js";
import { placeOf } from "./folders.js";
import { readHttpCall } from "./http.js";
import { openLibrary } from "./library.js";
import { readOrmCalls } from "./orm-calls.js";
import { readCalls } from "./parser.js";
import { readRun } from "./runs.js";
import { readSqlCall } from "./sql.js";
import type { LanguageName } from "./syntax.js";
import { disguised, readUnforeseen, reasonOf } from "./unforeseen.js";
import { type CodeCall, plainText, textsOf } from "./values.js";

/** A text of a language that an interpreter is given, and what it runs with. */
export interface Code {
  readonly text: string;
  readonly language: LanguageName;
  readonly words: readonly Arg[];
  /** The file it stands in; undefined for a text on the command line or on standard input. */
  readonly file: Arg | undefined;
  /**
   * `line`: somebody typed it for this run. `made`: a file that the session wrote. `file`: one that was there before,
   * written for more than this run.
   */
  readonly origin: "line" | "made" | "file";
  /** A module that another text loads: what it does by being loaded, and not what its functions would do. */
  readonly isLoaded?: true;
}

/** Longer texts are only looked through for programs that delete. */
const maxText = 256 * 1024;
/** Code in code in code. */
const maxDepth = 6;

/** What a text does by the functions that it calls, as far as they are plain. */
export function readCode(code: Code, call: Call, world: World, apis: ApiTable, depth = 0): Reading {
  const { text, language } = code;
  const tool = toolName(call);
  const isLong = text.length > maxText;
  const all =
    isLong || !(code.origin === "file" ? mayActAtMargin : mayAct)(text)
      ? []
      : readCalls(text, language, openLibrary({ call, world, words: code.words, file: code.file }));
  const calls = code.origin === "file" || code.isLoaded ? all.filter((one) => isCertain(one, text)) : all;
  const found = join(...calls.map((one) => readOne(one, code, call, world, apis, all, depth)));
  if (code.origin !== "line") return withoutDoubt(found);
  const isHidden =
    found.inner.length === 0 &&
    (namesDeleter(text) || (guardedPath.test(text) && all.some(({ name }) => isRun(deedOf(name, language)))));
  const hidden = isHidden
    ? [
        opaqueEffect(
          tool,
          text.slice(0, 2_000),
          "it starts a program by its path, with words that are not plain",
        ),
      ]
    : [];
  // `bucket.objects.all().delete()` is no model's.
  const orm = /\bboto3\b/.test(text) ? nothing : readOrmCalls(tool, text);
  return join(found, effects(...hidden), orm);
}

/** Of a file that may never come to this: only what is plain, and that no shim will see. */
function withoutDoubt({ effects, inner }: Reading): Reading {
  return {
    effects: effects.filter(({ resource }) => resource !== "opaque"),
    inner: inner.flatMap((one) =>
      // `os.system("/bin/rm f")`: in a shell's line only what no shim sees is judged now.
      one.kind === "line" && one.sight === undefined
        ? [{ ...one, isFile: true, certain: false }]
        : one.sight === "never"
          ? [one]
          : [],
    ),
    wantsStdin: false,
  };
}

const guardedPath =
  /["'`](\/usr)?(\/local)?\/s?bin\/(rm|unlink|shred|dd|truncate|mv|find|curl|wget|psql|aws|git|railway|kubectl|terraform)\b/;

/** Most one-liners print something: without a word of these nothing is called that matters. */
function mayAct(text: string): boolean {
  return acting.test(text);
}

/** Only there a script's file is believed, and most files of a project have nothing of the kind there. */
function mayActAtMargin(text: string): boolean {
  return /^[A-Za-z_$(].*(?:unlink|remove|rmtree|rmdir|rm|delete|trunc|renam|move|cop|writ|open|file_put|emptyDir|mv|cp|del|sink)/m.test(
    text,
  );
}

const acting =
  /unlink|remove|rmtree|link|touch|mkdir|mkpath|[cC]reate|output|makedir|chmod|chown|chgrp|change_mode|append|utime|inplace|FileI|rmdir|rm[-_( ]|\brm|delete|\bdel\b|trunc|renam|replace|mov|cop|\bcp|\bmv|writ|open|file_put|exec|spawn|system|popen|process|\brun|call|shell|[`$]|%x|qx|eval|request|fetch|axios|http|LWP|curl|got|drop|query|flush|destroy|terminate|purge|clear|empty|save|decode|atob|b64|getattr|send|rimraf|trash|doShell|send2|prune|cmd|sql|Command|sink|csv|\bsh\b|load|compile|Function|File|dump|unpack|chr|from/i;

function isRun(deed: CodeDeed | undefined): boolean {
  return deed !== undefined && /^(line|own-line|either|words|spawn|exec|member)$/.test(deed);
}

function readOne(
  one: CodeCall,
  code: Code,
  outer: Call,
  world: World,
  apis: ApiTable,
  all: readonly CodeCall[],
  depth: number,
): Reading {
  const deed = deedOf(one.name, code.language);
  const cwd = placeOf(outer, one.cwd);
  const call = cwd === outer.cwd ? outer : { ...outer, cwd };
  if (deed === "code") return readNested(one, code, call, world, apis, depth);
  if (deed !== undefined) {
    const files = readFileDeed(call, world, deed, one);
    const started = code.origin === "file" ? [] : readRun(outer, world, deed, one, cwd);
    const hidden = code.origin === "line" ? readUnforeseen(outer, deed, one) : [];
    return {
      effects: [...files.effects, ...hidden],
      inner: [...files.inner, ...started],
      wantsStdin: false,
    };
  }
  // Older files speak to the servers of their project: that is what they are for.
  if (code.origin === "file") return nothing;
  const tool = toolName(call);
  const cloud = readCloudCall(one, code.text, tool);
  return {
    effects: [...readHttpCall(call, world, one, all, apis), ...cloud.effects],
    inner: [...cloud.inner, ...readSqlCall(one, code.text, tool)],
    wantsStdin: false,
  };
}

/** `exec(base64.b64decode("…"))`: what can be decoded is read on; what was hidden and cannot be is asked about. */
function readNested(
  one: CodeCall,
  code: Code,
  call: Call,
  world: World,
  apis: ApiTable,
  depth: number,
): Reading {
  // The body of a function stands behind its parameters.
  const first = /(^|\.)Function$/.test(one.name) ? one.values.at(-1) : one.values[0];
  const text = plainText(first) ?? "";
  if (text !== "") {
    if (depth >= maxDepth) return nothing;
    return readCode({ ...code, text }, call, world, apis, depth + 1);
  }
  if (code.origin !== "line" || first === undefined) return nothing;
  const isHidden =
    disguised.test(one.source) ||
    (first.kind === "made" && disguised.test(first.call.name)) ||
    reasonOf(first) !== undefined ||
    fetched(first);
  if (!isHidden) return nothing;
  return effects(
    opaqueEffect(toolName(call), one.source, "it runs code that is put together or fetched at run time"),
  );
}

function fetched(value: CodeCall["values"][number]): boolean {
  return textsOf(value).some((text) => !isKnown(text) && disguised.test(text.source));
}

/**
 * In a script's file most calls stand in functions that this run may never reach. A line that begins at the margin, in no
 * braces and under no condition, does run.
 */
function isCertain({ at }: CodeCall, text: string): boolean {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  if (at - start > 500) return false;
  const head = text.slice(start, at).replace(/^<\?(?:php\b|=)/, "");
  if (/^\s/.test(text.slice(start, start + 1))) return false;
  return (
    !/^(def|class|function|async|sub|if|unless|while|for|foreach|else|elif|try|with|module|begin|func|fn|local function|export|@|\}|\))/.test(
      head.trimStart() || text.slice(start, start + 20),
    ) && !/[{]|=>|\?|&&|\|\||\bif\b|\blambda\b/.test(head)
  );
}
