import type { Broker } from "../broker/broker.js";
import { dropDumps } from "../launcher/dumps.js";
import { changedManifests } from "./changed-manifests.js";
import { keepSession } from "./session-keeper.js";
import { writeOrLeave } from "./session-log.js";
import type { SessionParts } from "./session-parts.js";
import type { Session } from "./session-shape.js";

/** What the broker's being there has brought. */
export interface Served {
  readonly broker: Broker;
  /** What the command starts with. */
  readonly env: Readonly<Record<string, string>>;
  readonly stopNotices: () => void;
}

/** The session for whoever runs its command: what there is, and what happens at its start and its end. */
export function readySession(parts: SessionParts, served: Served): Session {
  const { knowledge, directory, mode, logPath, sandbox, links, redact, findReal, undo, note } = parts;
  const { broker, env } = served;
  return {
    id: directory.id,
    mode,
    asks: whoAnswers(parts),
    logPath,
    held: knowledge.held,
    directory,
    links,
    broker,
    sandbox,
    env,
    redact,
    findReal,
    ...course(parts, served),
    kept: () => undo?.trash.kept ?? 0,
    keeping: knowledge.trash,
    note: (cause) => note(`unforeseen: ${cause instanceof Error ? cause.message : cause}`),
    close: (status) => close(parts, status),
  };
}

function whoAnswers({ mode, door, options }: SessionParts): Session["asks"] {
  if (mode !== "ask") return "nobody";
  if (options.asker !== undefined) return "here";
  return door === undefined ? "nobody" : "elsewhere";
}

/** What begins with the command, and how it is stopped. */
function course(
  parts: SessionParts,
  { broker, stopNotices }: Served,
): Pick<Session, "started" | "ended" | "stop"> {
  const { options, knowledge, directory, folders, sandbox, provenance, links, log, alerts } = parts;
  const { note, writeStart } = parts;
  let judging: NodeJS.Timeout | undefined;
  let stopKeeping = () => {};
  return {
    started: (pid) => {
      log.sync();
      if (pid !== undefined) sandbox?.interior.follow(pid);
      dropDumps();
      provenance.start();
      stopKeeping = keepSession({ ...options, directory, folders, links, broker, note, writeStart });
      // So that the first call need not wait for it; a command that ends at once has no use for it.
      judging = setTimeout(() => {
        links.watchNoted();
        knowledge.judge.ready().catch(() => {});
      }, judgeDelay);
    },
    ended: () => clearTimeout(judging),
    stop: async () => {
      stopKeeping();
      clearTimeout(judging);
      stopNotices();
      provenance.close();
      links.close();
      await broker.close();
      await alerts?.end();
      sandbox?.close();
    },
  };
}

/** Milliseconds after the command's start. */
const judgeDelay = 30;

function close({ knowledge, log, note }: SessionParts, status: number): void {
  for (const changed of changedManifests(knowledge.held)) {
    note(changed);
    process.stderr.write(`holdpoint: ${changed}\n`);
  }
  writeOrLeave(log, { event: "session.end", status });
  log.close();
}
