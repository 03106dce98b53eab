import { type Arg, isKnown } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { deletion } from "../file-effects.js";
import { readText } from "../files/text-file.js";
import { guardEffect } from "../guard-effect.js";
import type { ApiTable } from "../http/api-table.js";
import { declareOptions, optionValue, optionValues, readOptions } from "../options.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { lineSight } from "../sight.js";
import { readCode } from "./reading.js";

const options = declareOptions("first", ["-e:", "-l:", "-s:", "-i"]);

/** AppleScript: the lines that it gives to shells and terminals, the trash that it empties, the keys that it presses. */
export function osascriptReader(apis: ApiTable): Reader {
  return {
    names: ["osascript"],
    read(call, world) {
      const given = readOptions(call.argv.slice(1), options);
      const codes = optionValues(given, "e").filter(isKnown);
      const [file] = given.operands;
      const texts =
        codes.length > 0
          ? [codes.join("\n")]
          : file === undefined || file === "-"
            ? stdinOf(call)
            : fileOf(call, world, file);
      const isJavaScript = optionValue(given, "l") === "JavaScript";
      return join(
        ...texts.map((text) =>
          isJavaScript
            ? readCode(
                { text, language: "javascript", words: given.operands, file: undefined, origin: "line" },
                call,
                world,
                apis,
              )
            : readScript(text, call, world),
        ),
      );
    },
  };
}

function stdinOf({ stdin }: Call): readonly string[] {
  return stdin.kind === "text" ? [stdin.text] : [];
}

function fileOf(call: Call, world: World, file: Arg): readonly string[] {
  const text = readText(call, world, file);
  return text === undefined ? [] : [text];
}

/** A line for a shell, and one that another terminal types. */
const lines =
  /\b(do shell script|do script|write text)\s+((?:"(?:\\.|[^"\\])*"|quoted form of \S+|\w+)(?:\s*&\s*(?:"(?:\\.|[^"\\])*"|quoted form of \S+|\w+))*)/g;

function readScript(source: string, call: Call, world: World): Reading {
  const text = source.replace(/(^|\s)(--|#)[^\n]*/g, "$1").slice(0, 256 * 1024);
  const values = readVariables(text);
  const found = [...text.matchAll(lines)].flatMap(([, verb = "", expression = ""]): readonly Inner[] => {
    const line = joined(expression, values);
    const sight = verb === "do shell script" ? lineSight(call, world) : ({ sight: "never" } as const);
    return line.trim() === "" ? [] : [{ kind: "line", text: line, shell: "sh", via: "osascript", ...sight }];
  });
  const empties = /\bempty\s+(the\s+)?trash\b/i.test(text);
  const types = /\b(keystroke|key code)\b/.test(text);
  return join(
    inner(...found),
    empties
      ? effects({ ...deletion("osascript", `${world.user.home}/.Trash`, true), because: "empties the trash" })
      : nothing,
    types ? effects(guardEffect("osascript", "keystroke", [text.slice(0, 200)])) : nothing,
  );
}

/** `set p to "notes"` */
function readVariables(text: string): ReadonlyMap<string, string> {
  const found = text.matchAll(/\bset\s+(\w+)\s+to\s+"((?:\\.|[^"\\])*)"/g);
  return new Map([...found].map(([, name = "", value = ""]) => [name, withoutEscapes(value)]));
}

function joined(expression: string, values: ReadonlyMap<string, string>): string {
  const parts = [...expression.matchAll(/"((?:\\.|[^"\\])*)"|(?:quoted form of\s+)?(\w+)/g)];
  return parts
    .map(([, text, name = ""]) => (text === undefined ? (values.get(name) ?? "") : withoutEscapes(text)))
    .join("");
}

function withoutEscapes(text: string): string {
  return text.replace(/\\(.)/gs, "$1");
}
