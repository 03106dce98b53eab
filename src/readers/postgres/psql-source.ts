import { type Arg, isKnown } from "../../model/arg.js";
import { assertNever } from "../../model/assert-never.js";
import type { Call } from "../../model/call.js";
import { envGet } from "../../model/env.js";
import { typedStatements } from "../../model/wire.js";
import { openInputs } from "../inputs.js";
import { addDeed, loseTrack } from "../sql/session.js";
import { isByNetwork } from "./psql-connection.js";
import { runMeta } from "./psql-meta.js";
import { addOpaque, type Run, runSql, type Source, stopsOnError } from "./psql-run.js";
import { type PsqlInput, readSteps } from "./psql-text.js";
import type { Lookup } from "./psql-variables.js";

/** `-c`: SQL without variables, or one backslash command. */
export function runCommand(text: string, run: Run): void {
  const failureEnds = stopsOnError(run) ? "run" : "text";
  if (!text.startsWith("\\")) runSql(text, failureEnds, run);
  else
    follow(
      { text, lookup: lookIn(run), single: true, perLine: false },
      { text, directory: run.cwd, depth: 0 },
      failureEnds,
      run,
    );
  run.session.tables.endText();
}

/** A file by name, "-" for stdin. What cannot be read now is left to the shim where there is one. */
export function runFile(file: Arg, directory: Call["cwd"], depth: number, run: Run): void {
  if (depth > maxDepth) {
    addOpaque(run, "\\i", "files include one another without end");
    return;
  }
  const { call, world } = run;
  if (call.stdin.kind === "terminal" && file === "-") {
    if (isHeard(run)) addDeed(run.session, run.server, typed, () => "");
    else addOpaque(run, "interactive psql", "statements are typed on the terminal, where nothing sees them");
    return;
  }
  const inputs = openInputs({ ...call, cwd: directory }, world);
  const text = inputs.readText(file);
  if (inputs.wantsStdin()) run.wantsStdin = true;
  if (isKnown(text)) {
    const path =
      isKnown(file) && file.startsWith("/")
        ? file
        : isKnown(directory)
          ? `${directory}/${isKnown(file) ? file : ""}`
          : "";
    runText(
      { text, directory: path === "" ? directory : path.slice(0, path.lastIndexOf("/")) || "/", depth },
      run,
    );
    return;
  }
  loseTrack(run.session);
  // A file that the line itself writes first is there when the shim looks.
  if (call.sight !== "later") addOpaque(run, text.source, `cannot tell what it would run: ${text.reason}`);
}

/** On the wire what is typed meets the judge, when its shim starts psql so that it connects nowhere else (`broker/handle.ts`). */
function isHeard({ call, world, target, env }: Run): boolean {
  const { reach } = world.session;
  const preloaded = envGet(call.env, "LD_PRELOAD");
  if (reach === undefined || call.sight === "never" || preloaded === undefined || !isKnown(preloaded))
    return false;
  return preloaded.split(":")[0] === reach && isByNetwork(target, env, world);
}

const typed = { action: "read", statement: typedStatements, target: "what is typed" } as const;

function runText(source: Source, run: Run): void {
  const failureEnds = stopsOnError(run) ? "run" : "nothing";
  follow(
    { text: source.text, lookup: lookIn(run), single: false, perLine: run.perLine },
    source,
    failureEnds,
    run,
  );
}

const maxDepth = 8;

function follow(input: PsqlInput, source: Source, failureEnds: "text" | "run" | "nothing", run: Run): void {
  const { session } = run;
  for (const step of readSteps(input)) {
    const before = session.entries.length;
    switch (step.kind) {
      case "sql":
        if (step.doubt !== undefined) {
          addOpaque(run, step.text.trim(), step.doubt);
          loseTrack(session);
        }
        runSql(step.text, stopsOnError(run) ? "run" : failureEnds, run);
        break;
      case "meta":
        if (runMeta(step, source, run, runFile) === "quit") return;
        break;
      case "data":
        runData(step.text, source, run);
        break;
      case "doubt":
        addOpaque(run, step.text.trim(), step.because);
        break;
      default:
        assertNever(step);
    }
    if (run.branches > 0) {
      loseTrack(session);
      doubt(run, before);
    }
  }
}

/**
 * If the COPY fails, its data is read as commands: `COPY nosuch FROM STDIN;` and `DROP TABLE users;` in front of the `\.`
 * Only data that looks like commands is worth reading so.
 */
function runData(text: string, source: Source, run: Run): void {
  if (
    !/^\s*(drop|truncate|delete|update|alter|grant|revoke|copy|do|call|with|commit|end|rollback|abort)\b[^\t]*(;|$)|\\(!|i|ir|g|gexec|o|w|copy|c)\s/im.test(
      text,
    )
  )
    return;
  const before = run.session.entries.length;
  loseTrack(run.session);
  follow({ text, lookup: lookIn(run), single: false, perLine: false }, source, "nothing", run);
  loseTrack(run.session);
  const kept = run.session.entries
    .splice(before)
    .filter(({ effect }) => effect.resource !== "opaque" || !/not understood/.test(effect.because));
  run.session.entries.push(...kept);
  doubt(run, before);
}

function doubt(run: Run, from: number): void {
  const { entries } = run.session;
  for (let at = from; at < entries.length; at += 1) {
    const entry = entries[at];
    if (entry !== undefined) entries[at] = { ...entry, effect: { ...entry.effect, certainty: "possible" } };
  }
}

function lookIn(run: Run): Lookup {
  return (name) => {
    if (run.anyVariable || ownVariables.has(name)) return { set: true, known: undefined };
    return { set: run.variables.has(name), known: run.variables.get(name) };
  };
}

/** psql sets these itself. */
const ownVariables: ReadonlySet<string> = new Set([
  "DBNAME",
  "ENCODING",
  "ERROR",
  "HOST",
  "LASTOID",
  "LAST_ERROR_MESSAGE",
  "LAST_ERROR_SQLSTATE",
  "PORT",
  "ROW_COUNT",
  "SERVER_VERSION_NAME",
  "SERVER_VERSION_NUM",
  "SERVICE",
  "SHELL_ERROR",
  "SHELL_EXIT_CODE",
  "SQLSTATE",
  "USER",
  "VERSION",
  "VERSION_NAME",
  "VERSION_NUM",
]);
