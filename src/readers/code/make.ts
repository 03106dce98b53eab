import { type Arg, isKnown } from "../../model/arg.js";
import { appliedCalls } from "./applied.js";
import { resolve } from "./bindings.js";
import { type Cursor, sourceOf } from "./cursor.js";
import type { LanguageName } from "./syntax.js";
import { type CodeCall, type CodeValue, hiddenValue, listValue, showValue, textsOf } from "./values.js";

export function makeCall(
  cursor: Cursor,
  name: string,
  receiver: CodeValue | undefined,
  values: readonly CodeValue[],
  named: ReadonlyMap<string, CodeValue>,
  start: number,
): CodeValue {
  const { state } = cursor;
  const given = isImplied(cursor, name, values, start) ? [resolve(cursor, "$_")] : values;
  const call = callOf(cursor, name, receiver, given, named, start);
  if (cursor.notes) {
    state.calls.push(call);
    for (const more of appliedCalls(call)) state.calls.push(more);
    if (isChangeOfDirectory.test(call.name))
      state.cwd = follow(state.cwd, textsOf(values[0] ?? hiddenValue("?"))[0]);
  }
  return state.library.call(call) ?? { kind: "made", call };
}

/** Perl's functions take `$_` where nothing is given; with `-n` each line is one: `perl -lne unlink list`. */
function isImplied(cursor: Cursor, name: string, values: readonly CodeValue[], start: number): boolean {
  const { state, tokens, at } = cursor;
  if (state.language !== "perl" || values.length > 0) return false;
  if (state.names.bindings.has("$_")) return /^(unlink|rmtree|remove_tree|system|exec)$/.test(name);
  // Neither `unlink => 1` nor `$h{unlink}`, nor a word of a pattern.
  const before = tokens[start - 1];
  const begins =
    before === undefined || before.kind === "newline" || /^([;})]|&&|\|\||and|or|do)$/.test(before.text);
  return (
    name === "unlink" &&
    tokens[at]?.text !== "=>" &&
    (begins || (before?.text === "{" && (before.spaced || opensBody.test(tokens[start - 2]?.text ?? ""))))
  );
}

/** `sub{unlink}`, where `$h{unlink}` is an element. */
const opensBody = /^(sub|do|eval|map|grep|BEGIN|END|[)])$/;

const isChangeOfDirectory =
  /^(os\.chdir|process\.chdir|Dir\.chdir|chdir|cd|setwd|Deno\.chdir|File\.cd!?|FileUtils\.cd|FileUtils\.chdir|lfs\.chdir|contextlib\.chdir)$/;

function follow(cwd: Arg | undefined, target: Arg | undefined): Arg | undefined {
  if (target === undefined) return cwd;
  if (!isKnown(target) || target.startsWith("/") || cwd === undefined || !isKnown(cwd)) return target;
  return `${cwd}/${target}`;
}

/** Names that mean the same without what stands in front. */
const prefixOf = /^(Kernel|globalThis|global|window|builtins|__builtins__|CORE|Object|Elixir|_G|_ENV)\./;
/** `shutil.os.remove`, `posix.unlink`, `ctypes.CDLL(None).unlink`: modules hold those that they load, and `os` the C library's. */
const pythonOs =
  /^(?:(?:\w+\.)+os|posix|nt|ctypes\.(?:CDLL|PyDLL|cdll\.LoadLibrary)\(\))\.(?=\w+(?:\.__call__)?$)/;

export function callOf(
  cursor: Cursor,
  name: string,
  receiver: CodeValue | undefined,
  values: readonly CodeValue[],
  named: ReadonlyMap<string, CodeValue>,
  start: number,
): CodeCall {
  const { state, tokens, base } = cursor;
  return {
    name: plainName(name, state.language),
    source: sourceOf(cursor, start) || showValue(listValue(values)),
    receiver,
    values,
    named,
    at: base ?? tokens[start]?.start ?? 0,
    cwd: state.cwd,
  };
}

function plainName(name: string, language: LanguageName): string {
  const plain = name.replace(prefixOf, "").replace(/^\\/, "");
  return language === "python" ? plain.replace(pythonOs, "os.").replace(/\.__call__$/, "") : plain;
}
