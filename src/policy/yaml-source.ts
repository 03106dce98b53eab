import * as v from "valibot";
import { isNode, LineCounter, parseDocument } from "yaml";

/** A YAML text checked against a schema; or the first few things wrong with it, each `file:line: message`. */
export type Checked<T> =
  | {
      readonly ok: true;
      readonly value: T;
      lineOf(path: readonly Key[]): number;
      /** `line:column`, both from 1. */
      placeOf(path: readonly Key[]): string;
    }
  | { readonly ok: false; readonly problems: readonly string[] };

type Key = string | number;

/** Aliases are refused beyond a few: ten lines of them can unfold into gigabytes ("billion laughs"). */
const maxAliases = 20;

export function checkYaml<T>(text: string, file: string, schema: v.GenericSchema<unknown, T>): Checked<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const problem = (line: number, message: string) => `${file}:${line}: ${message}`;
  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: document.errors.map((error) =>
        problem(lines.linePos(error.pos[0]).line, firstLine(error.message)),
      ),
    };
  }
  const find = (path: readonly Key[]): { readonly line: number; readonly col: number } => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]);
    }
    return { line: 1, col: 1 };
  };
  const lineOf = (path: readonly Key[]): number => find(path).line;
  const placeOf = (path: readonly Key[]): string => {
    const { line, col } = find(path);
    return `${line}:${col}`;
  };
  const content = unfold(() => document.toJS({ maxAliasCount: maxAliases }));
  if (!content.ok) return { ok: false, problems: [problem(1, content.reason)] };
  const result = v.safeParse(schema, content.value);
  if (result.success) return { ok: true, value: result.output, lineOf, placeOf };
  return {
    ok: false,
    problems: result.issues.slice(0, 10).map((issue) => {
      const path = (issue.path ?? []).map((step) =>
        typeof step.key === "number" ? step.key : String(step.key),
      );
      const place = path.length > 0 ? `"${path.join(".")}": ` : "";
      return problem(lineOf(path), `${place}${lowerFirst(issue.message)}`);
    }),
  };
}

function unfold(read: () => unknown): { ok: true; value: unknown } | { ok: false; reason: string } {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    return { ok: false, reason: firstLine(error instanceof Error ? error.message : String(error)) };
  }
}

function firstLine(message: string): string {
  return lowerFirst(message.split("\n")[0] ?? "invalid").replace(/\.$/, "");
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
