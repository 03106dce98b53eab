import type { PreviewInput } from "../previewer.js";
import type { Connection } from "./connection.js";
import { type Query, transaction } from "./queries.js";

/** What a server said to some questions. */
export interface Said {
  /** The document of a question by its name; its error where there is none. */
  readonly answers: ReadonlyMap<string, unknown>;
  readonly errors: ReadonlyMap<string, ServerError>;
  /** It could not be asked at all, or not in time: why. */
  readonly failure: string | undefined;
}

export interface ServerError {
  /** SQLSTATE; "" where it is not known. */
  readonly state: string;
  readonly message: string;
}

/** Puts questions to a server with its own psql: one connection, each question within `milliseconds`. Never rejects. */
export async function askServer(
  queries: readonly Query[],
  to: Connection,
  milliseconds: number,
  { run }: Pick<PreviewInput, "run">,
): Promise<Said> {
  // One message each, so that a slow line costs one round trip a question; `-c` knows no variables and runs no programs.
  const texts = queries.flatMap(({ name, sql }) => [
    "-c",
    `\\echo ${mark}${name}`,
    "-c",
    `\\warn ${mark}${name}`,
    "-c",
    transaction(sql, milliseconds),
  ]);
  const ran = await run("psql", [...plain, ...texts], { env: to });
  if (ran.kind === "failed") return { ...nothing, failure: ran.reason };
  const said = { answers: readAnswers(ran.out), errors: readErrors(ran.err) };
  if (ran.kind === "late") return { ...said, failure: "no answer within its time" };
  if (ran.isCut) return { ...said, failure: "it answers with more than is read" };
  const refusal = said.answers.size + said.errors.size === 0 ? firstLine(ran.err) : undefined;
  return { ...said, failure: refusal };
}

const nothing = { answers: new Map<string, unknown>(), errors: new Map<string, ServerError>() } as const;
const mark = "holdpoint:";

/** -X: no ~/.psqlrc, which may hold `\!`; no pager; never a question for a password. */
const plain = [
  "-X",
  "-w",
  "-q",
  "-A",
  "-t",
  "-P",
  "pager=off",
  "-v",
  "VERBOSITY=verbose",
  "-v",
  "ON_ERROR_STOP=0",
];

/** Behind each name one JSON document: on one line, or EXPLAIN's on many. psql 15 and later print the search path before it. */
function readAnswers(out: string): ReadonlyMap<string, unknown> {
  const answers = new Map<string, unknown>();
  for (const part of `\n${out}`.split(`\n${mark}`).slice(1)) {
    const [name = "", ...lines] = part.split("\n");
    const start = lines.indexOf("[");
    const found = [...lines.map(parse), start < 0 ? undefined : parse(lines.slice(start).join("\n"))];
    const value = found.find((one) => one !== undefined);
    if (value !== undefined) answers.set(name, value);
  }
  return answers;
}

function parse(text: string): unknown {
  if (!/^[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readErrors(err: string): ReadonlyMap<string, ServerError> {
  const errors = new Map<string, ServerError>();
  let name = "";
  for (const line of err.split("\n")) {
    if (line.startsWith(mark)) name = line.slice(mark.length);
    const [, state, message] = /^(?:psql:.*?: )?(?:ERROR|FATAL):\s+([0-9A-Z]{5}): (.*)$/.exec(line) ?? [];
    if (state !== undefined && message !== undefined && !errors.has(name))
      errors.set(name, { state, message });
  }
  return errors;
}

function firstLine(err: string): string {
  const line =
    err.split("\n").find((one) => one.trim() !== "" && !one.startsWith(mark)) ?? "psql said nothing";
  return line.replace(/^psql: (error: )?/, "");
}
