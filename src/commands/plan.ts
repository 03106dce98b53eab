import { createRedactor, secretValues } from "../audit/redact.js";
import type { Judge } from "../judge.js";
import { jsonText } from "../model/json-text.js";
import type { Request } from "../model/judgement.js";
import type { Plan } from "../model/plan.js";
import type { Decision } from "../model/rule.js";
import { aroundOf } from "../model/shown-path.js";
import type { World } from "../model/world.js";
import { paint } from "../prompt/paint.js";
import { makePlan } from "../prompt/plan.js";
import { foldSteps, isFolded } from "../prompt/plan-fold.js";
import { planRows } from "../prompt/plan-rows.js";
import { paintRow } from "../prompt/wrapping.js";
import { verdictLooks, verdictWords } from "./explanation.js";
import { type LineInput, lineRequest } from "./line-request.js";
import { Page } from "./page.js";
import { planJson } from "./plan-json.js";
import { type PlanSource, readPlanSource } from "./plan-source.js";
import type { Terminal } from "./terminal.js";

export interface PlanOptions extends Omit<LineInput, "line"> {
  /** A file, a line, or `-`. */
  readonly given: string;
  readonly json: boolean;
  /** Nothing folded. */
  readonly all: boolean;
}

/** `explain --plan`: what would be called, and what each call does, without running any of it. The verdict of it all. */
export async function explainPlan(
  options: PlanOptions,
  judge: Judge,
  world: World,
  terminal: Terminal,
): Promise<Decision> {
  const source = readPlanSource(options.given, options.cwd);
  // A name that was mistyped is a line of one word, which would run.
  if (source.kind === "line" && source.file === undefined && /^\S*[./]\w\S*$/.test(options.given))
    terminal.error(`there is no file ${JSON.stringify(options.given)}: read as a line`);
  const judgement = await judge(requestFor(source, options), world);
  const plan = makePlan([{ text: source.text, judgement }]);
  const redact = createRedactor(secretValues(options.env));
  const { verdict, severity } = judgement;
  if (options.json) {
    const document = planJson(plan, { source, verdict, severity }, redact);
    terminal.print(jsonText(document, 1));
    return verdict;
  }
  const page = new Page(terminal);
  page.plain(
    verdict === "allow" ? verdictWords.allow : `${verdictWords[verdict]} (${severity})`,
    verdictLooks[verdict],
  );
  const rows = planRows(plan, { columns: page.columns, redact, around: aroundOf(world) }, options.all);
  for (const row of [...page.rows, ...rows.map((each) => paintRow(each, terminal.colour))])
    terminal.print(row.trimEnd());
  const more = hints(plan, options);
  if (more.length > 0) terminal.print("");
  for (const hint of more) terminal.print(paint(` ${hint}`, "dim", terminal.colour));
  return verdict;
}

/**
 * A script's text is read like a line that somebody typed: what stands in a branch is part of the plan, though a run may
 * never come to it.
 */
function requestFor(source: PlanSource, { cwd, env, stdin }: PlanOptions): Request {
  const request = lineRequest({ line: source.text, cwd, env, stdin });
  if (source.kind === "line" || request.door !== "line") return request;
  return { ...request, shell: source.shell, args: [source.file ?? source.shell] };
}

function hints(plan: Plan, { all }: PlanOptions): readonly string[] {
  const [rule] = ruleNames(plan.steps);
  return [
    ...(!all && isFolded(foldSteps(plan.steps)) ? ["--all     each call by itself"] : []),
    ...(rule === undefined ? [] : [`more     holdpoint explain --why ${rule}`]),
  ];
}

function ruleNames(steps: Plan["steps"]): readonly string[] {
  return steps.flatMap((step) => [
    ...step.deeds.flatMap((deed) => deed.held.map(({ rule }) => rule)),
    ...ruleNames(step.inner),
  ]);
}
