import { type Arg, isKnown } from "../../model/arg.js";
import type { AwsWhen } from "../../model/aws.js";
import { decodeBytes } from "../../model/bytes.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { resolvePath } from "../path.js";
import { type Parameters, parameter } from "./words.js";

/** What an operation is given, by its options and by `--cli-input-json` and `--cli-input-yaml`. */
export interface AwsInput {
  /** Whether a condition of an exception holds. What cannot be looked at makes it hold, unless a shim will see it. */
  holds(when: AwsWhen): boolean;
  /** The text of a parameter; undefined when it is not given, or cannot be read. */
  text(name: string): string | undefined;
  /** Names and single values of what a file or a text gave as a whole. */
  readonly given: readonly (readonly [name: string, values: readonly string[]])[];
}

export function openAwsInput(parameters: Parameters, call: Call, world: World): AwsInput {
  const whole = readWhole(parameters, call, world);
  const entries: Entry[] = [
    ...[...parameters.values].map(([name, values]) => toEntry(name, values, call, world)),
    ...(whole?.map(({ name, text }) => ({ name, text })) ?? []),
  ];
  const leaves = call.sight === "later";
  return {
    given: whole?.map(({ name, values }) => [name, values] as const) ?? [],
    text: (name) => entries.find((entry) => fits(entry.name, name))?.text,
    holds({ parameter: wanted, matches }) {
      if (whole === undefined && !leaves) return true;
      const found = entries.filter(({ name }) => wanted === "*" || fits(name, wanted));
      if (matches === undefined) return found.length > 0;
      const pattern = new RegExp(matches, "i");
      return found.some(({ text }) => (text === undefined ? !leaves : pattern.test(plainValue(text))));
    },
  };
}

interface Entry {
  readonly name: string;
  readonly text: string | undefined;
}

/** By its full name, or an abbreviation: two letters are taken for one, for the worst of several is what counts. */
function fits(given: string, wanted: string): boolean {
  return given === wanted || (given.length >= 2 && wanted.startsWith(given));
}

function toEntry(name: string, values: readonly Arg[], call: Call, world: World): Entry {
  if (values.length === 0)
    return name.startsWith("no-") ? { name: name.slice(3), text: "false" } : { name, text: "true" };
  const texts = values.map((value) => readValue(value, call, world));
  return { name, text: texts.some((text) => text === undefined) ? undefined : texts.join(" ") };
}

/** `Value=false` and `{"Value": false}` are how structures of one field are written. */
function plainValue(text: string): string {
  return /^\s*\{?\s*"?Value"?\s*[=:]\s*"?([\w.-]*)"?\s*\}?\s*$/i.exec(text)?.[1] ?? text.trim();
}

interface Given {
  readonly name: string;
  readonly text: string;
  readonly values: readonly string[];
}

/** Undefined when there is such an input and it cannot be read. */
function readWhole(parameters: Parameters, call: Call, world: World): readonly Given[] | undefined {
  const json = parameter(parameters, "cli-input-json")?.[0];
  const yaml = parameter(parameters, "cli-input-yaml")?.[0];
  const value = json ?? yaml;
  if (value === undefined) return [];
  const text = readValue(value, call, world);
  if (text === undefined) return undefined;
  return readObject(text) ?? (json === undefined ? readPlainYaml(text) : undefined);
}

function readObject(text: string): readonly Given[] | undefined {
  try {
    const input: unknown = JSON.parse(text);
    if (typeof input !== "object" || input === null || Array.isArray(input)) return undefined;
    return Object.entries(input).map(([name, held]): Given => {
      const items: readonly unknown[] = Array.isArray(held) ? held : [held];
      return {
        name: dashed(name),
        text: typeof held === "string" ? held : JSON.stringify(held),
        values: items.filter((item) => typeof item === "string"),
      };
    });
  } catch {
    return undefined;
  }
}

/** `Name: value` and lists of plain items below a name; all that stands deeper is text. */
function readPlainYaml(text: string): readonly Given[] {
  const found: { name: string; lines: string[] }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, name, rest = ""] = /^["']?(\w+)["']?\s*:\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) found.push({ name: dashed(name), lines: rest === "" ? [] : [rest] });
    else if (!/^\s*(#|$)/.test(line)) found.at(-1)?.lines.push(line.trim());
  }
  return found.map(({ name, lines }) => ({
    name,
    text: lines.map(unquoted).join(" "),
    values: lines.map((line) => unquoted(line.replace(/^-\s*/, ""))).filter((value) => !/^[{[]/.test(value)),
  }));
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1\s*(#.*)?$/.exec(text)?.[2] ?? text.replace(/\s+#.*$/, "");
}

/** `DBInstanceIdentifier` is the option `--db-instance-identifier`. */
function dashed(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
}

/** A value, or the content of the file that `file://` names. */
export function readValue(value: Arg, call: Call, world: World): string | undefined {
  if (!isKnown(value)) return undefined;
  if (!value.startsWith("file://")) return value;
  const path = resolvePath(call, world, value.slice("file://".length));
  const content = path !== undefined && isKnown(path) ? world.readFile(path, 1 << 20) : undefined;
  return content?.ok === true && content.complete ? decodeBytes(content.bytes) : undefined;
}
