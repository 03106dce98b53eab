import { createRedactor, secretValues } from "../audit/redact.js";
import { openSharedLog, readSharedStart, type SharedLog, type SharedStart } from "../audit/shared-log.js";
import { formatDenial, formatQuestion } from "../broker/message.js";
import type { HookAnswer, HookCall } from "../hooks/protocol.js";
import type { ToolCall } from "../hooks/tool-call.js";
import { createJudge } from "../judge.js";
import { makeFolder } from "../launcher/folder.js";
import type { AlertCase } from "../model/alert.js";
import { assertNever } from "../model/assert-never.js";
import type { Judgement } from "../model/judgement.js";
import type { RecordBody } from "../model/record.js";
import type { HookMode } from "./hook-names.js";
import { hookRequest, toolArgv } from "./hook-request.js";
import { openHookWorld } from "./judge-world.js";
import { keepContent } from "./manifest-store.js";
import { findManifests, type Held, heldScope, recallManifests } from "./manifests.js";
import type { Places } from "./places.js";
import { loadHolding } from "./scoped.js";

/**
 * What an agent without a session around it wants to do: judged afresh, recorded, then answered. Nothing sees its commands
 * after this, so whatever cannot be foreseen counts. Rejects when anything of that fails.
 */
export async function judgeHookCall(
  call: HookCall & { readonly tool: ToolCall },
  agent: string,
  mode: HookMode,
  config: string | undefined,
  places: Places,
): Promise<HookAnswer> {
  const cwd = call.cwd ?? process.cwd();
  const session = `${agent}-${call.session.replaceAll(/[^\w-]/g, "_").slice(0, 80) || "unnamed"}`;
  makeFolder(places.logs);
  const start = readSharedStart(places.logs, session);
  const loaded = await loadHolding(places, config, holdFor(start, cwd, places));
  // Agents read all day: where no manifest speaks of files, there is nothing to judge and nothing to record.
  if (onlyReads(call.tool) && loaded.policy.manifests.length === 0) return { kind: "allow" };
  const world = openHookWorld(loaded, places, { cwd: start?.cwd ?? cwd, startedAt: startOf(start?.time) });
  const judgement = await createJudge(loaded.policy, loaded.table)(
    hookRequest(call.tool, cwd, process.env),
    world,
  );
  const redact = createRedactor(secretValues(process.env));
  const answer = decide(judgement, mode, call.canAsk, agent, redact);
  const judged = { call, cwd, agent, mode, judgement, answer, held: loaded.held };
  const alerts =
    loaded.alerts.length === 0
      ? undefined
      : (await import("./hook-alerts.js")).openHookAlerts(loaded.alerts, places, session, redact);
  const open = () =>
    openSharedLog({
      ...{ folder: places.logs, session, redact, patience: 5000 },
      now: () => new Date(),
      onTrouble: ({ reason }) => alerts?.tellOfLog(reason),
    });
  const log = await open();
  try {
    // Kept before the record that names them: whoever reads it finds them.
    if (log.isNew) for (const { text } of loaded.held) keepContent(places, text);
    writeRecords(log, judged);
  } finally {
    log.close();
  }
  const lost = await alerts?.tell(caseOf(judged));
  // The turn at the log was not kept meanwhile: other tools of the agent write there, too.
  if (lost !== undefined && lost.length > 0) writeLost(await open(), lost);
  return answer;
}

function onlyReads(tool: ToolCall): boolean {
  return tool.kind === "files" && tool.written.length + tool.deleted.length === 0;
}

/** A conversation may be taken up again after days, with files in it that somebody else made since. */
function startOf(time: number | undefined): number {
  const now = Date.now();
  return Math.max(Math.min(time ?? now, now), now - mostAge);
}

const mostAge = 12 * 3_600_000;

/**
 * Each call is a process of its own, and the agent may have changed the manifests since the first: those go on holding. A
 * conversation that is taken up again later is held by what lies there now as well.
 */
async function holdFor(
  start: SharedStart | undefined,
  cwd: string,
  places: Places,
): Promise<readonly Held[]> {
  const { env } = process;
  const find = (folder: string) => findManifests({ cwd: folder, env, named: undefined }, places);
  if (start === undefined) return find(cwd);
  const kept = await recallManifests(start, env, places);
  return start.time > Date.now() - mostAge ? kept : [...kept, ...(await find(start.cwd ?? cwd))];
}

function decide(
  judgement: Judgement,
  mode: HookMode,
  canAsk: boolean,
  agent: string,
  redact: (text: string) => string,
): HookAnswer {
  if (mode === "observe") return { kind: "allow" };
  const deny = (cause: string): HookAnswer => ({
    kind: "deny",
    reason: formatDenial({ judgement, cause, reason: undefined }, redact),
  });
  switch (judgement.verdict) {
    case "allow":
      return { kind: "allow" };
    case "deny":
      return deny(judgement.errors[0] ?? "a rule forbids it");
    case "ask":
      if (mode === "ask" && canAsk) return { kind: "ask", reason: formatQuestion(judgement, redact) };
      return deny(
        mode === "deny"
          ? "it needs a human's approval, and this hook asks nobody; a person can run it, or start the agent with: holdpoint -- " +
              agent
          : "it needs a human's approval, and the agent asks nobody about such a tool; a person can do it",
      );
    default:
      return assertNever(judgement.verdict);
  }
}

interface Judged {
  readonly call: HookCall & { readonly tool: ToolCall };
  readonly cwd: string;
  readonly agent: string;
  readonly mode: HookMode;
  readonly judgement: Judgement;
  readonly answer: HookAnswer;
  readonly held: readonly Held[];
}

function writeRecords(log: SharedLog, judged: Judged): void {
  const { cwd, agent, mode, judgement, answer, held } = judged;
  const scope = heldScope(held);
  if (log.isNew)
    log.write(
      {
        ...{ cwd, pid: process.ppid, agent, event: "session.start" },
        argv: ["holdpoint", "hook", agent],
        reason: `mode ${mode}`,
        ...(scope.length === 0 ? {} : { scope }),
      },
      true,
    );
  const { verdict, effects, matches, errors } = judgement;
  log.write(
    {
      ...recordOf(judged),
      verdict: mode === "observe" ? verdict : answer.kind,
      effects,
      matches,
      ...(errors.length === 0 ? {} : { errors }),
      ...reasonOf(answer, verdict, agent),
    },
    true,
  );
}

function recordOf({ call: { tool }, cwd, agent }: Judged): RecordBody {
  const common = { cwd, pid: process.ppid, agent };
  return tool.kind === "line"
    ? { ...common, event: "line", line: tool.text }
    : { ...common, event: "exec", argv: toolArgv(tool) };
}

function caseOf(judged: Judged): AlertCase {
  const { judgement, mode, answer, agent } = judged;
  const isObserved = mode === "observe";
  const verdict = isObserved ? judgement.verdict : answer.kind;
  return {
    ...{ judgement, mode, verdict, isObserved, record: recordOf(judged) },
    ...reasonOf(answer, judgement.verdict, agent),
  };
}

function writeLost(log: SharedLog, lost: readonly string[]): void {
  try {
    for (const reason of lost) log.write({ event: "alert", reason }, true);
  } finally {
    log.close();
  }
}

function reasonOf(
  answer: HookAnswer,
  verdict: Judgement["verdict"],
  agent: string,
): { readonly reason?: string } {
  if (answer.kind === "allow") return verdict === "allow" ? {} : { reason: "observed, not held" };
  if (answer.kind === "ask") return { reason: `left to the question that ${agent} asks` };
  return {
    reason: verdict === "ask" ? "it needs a human's approval, and nobody is asked" : "a rule forbids it",
  };
}
