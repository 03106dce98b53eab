import { type Arg, isKnown, type Unknown, unforeseenName } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { envFrom } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { toolName } from "../file-effects.js";
import { resolvePath } from "../path.js";
import { lineSight, wrap } from "../sight.js";
import type { CodeDeed } from "./deeds.js";
import { type CodeCall, type CodeValue, itemsOf, joinTexts, oneText, plainText, textsOf } from "./values.js";

/** Where a call starts something: left out, in the folder of the interpreter. */
interface Place {
  readonly call: Call;
  readonly world: World;
  readonly more: { readonly cwd?: Call["cwd"] };
}

/** The programs and lines that a call starts. `cwd`: where the code has gone to. */
export function readRun(
  call: Call,
  world: World,
  deed: CodeDeed,
  one: CodeCall,
  cwd: Call["cwd"],
): readonly Inner[] {
  const place = placed(call, world, one, cwd);
  const [first] = one.values;
  switch (deed) {
    case "line":
      return first === undefined || isSelector(one) ? [] : lines(place, first);
    case "own-line":
      if (one.receiver === undefined) return [];
      return one.receiver.kind === "list" ? start(place, one.receiver) : lines(place, one.receiver);
    case "either":
      return readEither(place, one);
    case "words":
      return start(place, { kind: "list", items: one.values });
    case "spawn":
      return readSpawn(place, one);
    case "exec":
      return readExec(place, one);
    case "member":
      return run(place, [one.name.slice(one.name.lastIndexOf(".") + 1), ...one.values.flatMap(textsOf)]);
    case "perl-open":
      return readPerlOpen(place, one);
    // Ruby's `open("| ls")`.
    case "open": {
      const [, text] = /^\|\s*(.+)$/s.exec(plainText(first) ?? "") ?? [];
      return text === undefined ? [] : line(place, text);
    }
    default:
      return [];
  }
}

/** jQuery's `$("p")` is no shell. */
function isSelector({ name, source }: CodeCall): boolean {
  return name === "$" && !source.includes("`");
}

/** `cwd="/srv"`, `{cwd: "/srv"}`, `chdir:` */
function placed(call: Call, world: World, { named, values }: CodeCall, cwd: Call["cwd"]): Place {
  const given = [named, ...values.flatMap((value) => (value.kind === "fields" ? [value.fields] : []))]
    .map((fields) => fields.get("cwd") ?? fields.get("chdir") ?? fields.get("cd") ?? fields.get("dir"))
    .find((value) => value !== undefined);
  const folder = oneText(given);
  const other = folder === undefined ? cwd : (resolvePath({ cwd }, world, folder) ?? cwd);
  return { call, world, more: other === call.cwd ? {} : { cwd: other } };
}

/** A list are words; one text is for a shell; several texts are words again. */
function readEither(place: Place, one: CodeCall): readonly Inner[] {
  const [first, ...rest] = one.values.filter((value) => value.kind !== "fields");
  if (first === undefined) return [];
  if (first.kind === "list") {
    const [text] = first.items;
    return isOn(one.named.get("shell")) && text !== undefined ? lines(place, text) : start(place, first);
  }
  const more = rest.filter((value) => value.kind === "text" || value.kind === "list");
  // Python's second argument is a size, Ruby's and PHP's perhaps a mode.
  const isOne = more.length === 0 || /^[rwa][+b]*$/.test(plainText(more[0]) ?? "");
  if (isOne || /^(subprocess|sp|Popen|check_|pexpect|proc_open)/.test(one.name)) return lines(place, first);
  return start(place, { kind: "list", items: [first, ...more.flatMap(itemsOf)] });
}

function isOn(value: CodeValue | undefined): boolean {
  return (
    value !== undefined && !(value.kind === "name" && /^(false|False|undefined|null|None)$/.test(value.name))
  );
}

/** `spawn("rm", ["-r", "x"], {shell: true})`, `Deno.Command("rm", {args: […]})`, `Bun.spawn(["rm", "x"])` */
function readSpawn(place: Place, { values, named }: CodeCall): readonly Inner[] {
  const fields = values.find((value) => value.kind === "fields");
  const options = fields?.kind === "fields" ? fields.fields : named;
  const command = options.get("cmd");
  const [first] = values;
  if (first === undefined || first.kind === "fields")
    return command === undefined ? [] : start(place, command);
  const list = options.get("args") ?? values.slice(1).find((value) => value.kind === "list");
  const given = list === undefined ? values.slice(1).filter((value) => value.kind === "text") : itemsOf(list);
  const words = [...itemsOf(first), ...given].flatMap(textsOf);
  if (!isOn(options.get("shell"))) return run(place, words);
  return line(
    place,
    words.reduce((left, right) => joinTexts(joinTexts(left, " "), right)),
  );
}

/** `execv("/bin/rm", ["rm", "-r", "x"])`, `execl("/bin/rm", "rm", "x")` */
function readExec(place: Place, { values, name }: CodeCall): readonly Inner[] {
  const [program, ...rest] = values;
  if (program === undefined) return [];
  const list = rest.find((value) => value.kind === "list");
  const given = (list === undefined ? rest : itemsOf(list)).slice(1);
  const takesEnvironment = list === undefined && /l(p?)e$/.test(name);
  const words = takesEnvironment ? given.slice(0, -1) : given;
  return run(place, [...textsOf(program).slice(0, 1), ...words.flatMap(textsOf)]);
}

/** `open(F, "rm -rf x |")`, `open(F, "-|", "rm", "-rf", "x")` */
function readPerlOpen(place: Place, one: CodeCall): readonly Inner[] {
  const mode = plainText(one.values[1])?.trim() ?? "";
  if (mode === "-|" || mode === "|-") return readEither(place, { ...one, values: one.values.slice(2) });
  const [, before, behind] = /^(?:\|\s*(.+)|(.+?)\s*\|)$/s.exec(mode) ?? [];
  const text = before ?? behind;
  return text === undefined ? [] : line(place, text);
}

function start(place: Place, list: CodeValue): readonly Inner[] {
  return run(place, itemsOf(list).flatMap(textsOf));
}

function run({ call, world, more }: Place, words: readonly Arg[]): readonly Inner[] {
  return wrap(call, world, words, toolName(call), more);
}

function lines(place: Place, value: CodeValue): readonly Inner[] {
  return textsOf(value).flatMap((text) => line(place, text));
}

function line({ call, world, more }: Place, text: Arg): readonly Inner[] {
  const common = {
    kind: "line",
    shell: "sh",
    via: toolName(call),
    ...more,
    ...lineSight(call, world),
  } as const;
  if (isKnown(text)) return [{ ...common, text }];
  // `f"rm -rf {x}"`: the program is plain, and its shim will see the rest.
  if (!/\S\s/.test(text.prefix)) return [];
  const rest: Unknown = { ...text, prefix: "", splits: true };
  return [
    { ...common, text: `${text.prefix}$${unforeseenName}`, env: envFrom([[unforeseenName, rest]], call.env) },
  ];
}
