import type { Call } from "../../model/call.js";
import { type CodeCall, type CodeValue, eitherValue, textValue } from "./values.js";

/** What a program reads from its standard input, where that is known. */
export function readInputCall({ stdin }: Call, { name, values, receiver }: CodeCall): CodeValue | undefined {
  if (stdin.kind !== "text") return undefined;
  if (whole.test(name) || (name === "(list).read" && receiver !== undefined)) return textValue(stdin.text);
  const isFile = /^(readFileSync|fs\.readFileSync|open|File\.read|file_get_contents)$/.test(name);
  const [first] = values;
  if (isFile && first?.kind === "text" && /^(0|\/dev\/stdin|php:\/\/stdin)$/.test(String(first.any[0])))
    return textValue(stdin.text);
  if (!lines.test(name)) return undefined;
  const found = stdin.text.split("\n").filter((line) => line !== "");
  return eitherValue(
    found.map((line) => textValue(line)),
    name,
  );
}

const whole =
  /^(sys\.stdin\.read|STDIN\.read|\$stdin\.read|ARGF\.read|io\.read|IO\.read|stream_get_contents)$/;
const lines =
  /^(input|raw_input|gets|STDIN\.gets|\$stdin\.gets|sys\.stdin\.readline|\(list\)\.(readline|gets)|readline|fgets)$/;
