import * as v from "valibot";
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import { isDeepYaml } from "../model/yaml-text.js";
import { codeOf, unseen } from "./unseen.js";
import { findFault } from "./yaml-fault.js";
import { type Issue, type Key, tellIssues } from "./yaml-issue.js";

/** A YAML text checked against a schema; or the first few things wrong with it, each `file:line:column: message`. */
export type Checked<T> =
  | {
      readonly ok: true;
      readonly value: T;
      lineOf(path: readonly Key[]): number;
      /** `line:column`, both from 1; a column counts UTF-16 code units. */
      placeOf(path: readonly Key[]): string;
      /** What else is wrong with values or keys, as the schema's own problems say it: in the order of the file, at most ten. */
      problems(issues: readonly Issue[]): readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly string[] };

export function checkYaml<T>(text: string, file: string, schema: v.GenericSchema<unknown, T>): Checked<T> {
  if (isDeepYaml(text)) return { ok: false, problems: [`${file}:1:1: nested too deep to be read`] };
  const lines = new LineCounter();
  // What an editor marks as a warning (a tag that nobody knows) is an error here: such a value is not what its author meant.
  // Keys that stand twice are found with the other bad ones: the parser compares each with all, minutes for 20,000.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const fault = findFault(document);
  if (fault !== undefined) {
    const { line, col } = lines.linePos(fault.offset);
    return { ok: false, problems: [`${file}:${line}:${col}: ${fault.message}`] };
  }
  const find = (path: readonly Key[]) => lines.linePos(valueOffset(document, path));
  const placeOf = (path: readonly Key[]): string => {
    const { line, col } = find(path);
    return `${line}:${col}`;
  };
  const problems = (issues: readonly Issue[]): readonly string[] =>
    issues
      .map((issue) => ({ ...issue, offset: offsetOf(document, issue) }))
      .toSorted((a, b) => a.offset - b.offset)
      .slice(0, mostProblems)
      .map(({ path, message, offset }) => {
        const { line, col } = lines.linePos(offset);
        const name = path.length > 0 ? `"${path.join(".")}": ` : "";
        // Keys and words are of somebody else's file.
        const shown = `${name}${message}`.replace(unseen, (one) => `<${codeOf(one)}>`);
        return `${file}:${line}:${col}: ${shown}`;
      });
  const result = v.safeParse(schema, document.toJS(), { abortPipeEarly: true });
  if (result.success)
    return { ok: true, value: result.output, lineOf: (path) => find(path).line, placeOf, problems };
  return {
    ok: false,
    problems: problems(tellIssues(result.issues.slice(0, mostIssues), (path) => sourceOf(document, path))),
  };
}

const mostProblems = 10;
/** Each is held against the others, so that thousands would take minutes. */
const mostIssues = 200;

function offsetOf(document: Document, { path, isKey }: Issue): number {
  return (isKey === true ? keyOffset(document, path) : undefined) ?? valueOffset(document, path);
}

/** Where the value stands, or the nearest that holds it. */
function valueOffset(document: Document, path: readonly Key[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function keyOffset(document: Document, path: readonly Key[]): number | undefined {
  const above = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(above)) return undefined;
  const key = above.items
    .map((pair) => pair.key)
    .find((one) => isScalar(one) && String(one.value) === path.at(-1));
  return isScalar(key) ? key.range?.[0] : undefined;
}

/** A word without quotes, as it is written: YAML may have read `0123` or `1.0` as something else. */
function sourceOf(document: Document, path: readonly Key[]): string | undefined {
  const node = document.getIn(path, true);
  return isScalar(node) && node.type === "PLAIN" ? node.source : undefined;
}
