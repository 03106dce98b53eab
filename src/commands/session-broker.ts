import { join } from "node:path";
import { type Broker, type BrokerOptions, openBroker } from "../broker/broker.js";
import { sessionWords } from "../scope/session-words.js";
import { noDoor } from "./door.js";
import { networkOf } from "./session-network.js";
import type { SessionParts } from "./session-parts.js";
import { judgeInSandbox } from "./session-sandbox.js";
import { showings } from "./showings.js";
import { userName } from "./user-name.js";

/** The session's broker, which serves from now on. Rejects when its socket or its network layer cannot be had. */
export async function openSessionBroker(parts: SessionParts): Promise<Broker> {
  const { options, knowledge, directory, mode, label, sandbox, previews, provenance, world } = parts;
  const { places, env, asker } = options;
  const { manifests } = knowledge;
  const { judge } = knowledge.judge;
  const { undo, links, door } = parts;
  return openBroker({
    ...directory,
    session: directory.id,
    label,
    mode,
    timeout: options.timeout ?? knowledge.timeout ?? 300_000,
    judge: sandbox === undefined ? judge : judgeInSandbox(judge, sandbox),
    world,
    log: parts.log,
    alerts: parts.alerts,
    scope: sessionWords(manifests),
    backups: manifests.some(({ backups }) => backups.length > 0)
      ? (await import("../backups/backups.js")).openBackups({ env, now: Date.now, scratch: directory.path })
      : undefined,
    previews,
    asker,
    waitsElsewhere: mode === "ask" && door !== undefined && (asker === undefined || knowledge.approve),
    control: controlOf(parts),
    redact: parts.redact,
    startPath: parts.startPath,
    notePath: (path) => links.note(path),
    onRun: (judgement) => {
      provenance.note(judgement, world);
      previews?.note(judgement);
    },
    ...(undo === undefined ? {} : { undo }),
    network: parts.hasNet
      ? await networkOf(directory, knowledge, places, env, sandbox !== undefined)
      : undefined,
    sandbox: parts.port,
  });
}

/** What other terminals are told of the session, and may do to it. */
function controlOf(parts: SessionParts): BrokerOptions["control"] {
  const { options, directory, mode, label, redact } = parts;
  return {
    path: join(directory.path, "control"),
    options: {
      session: {
        ...{ id: directory.id, label, mode, cwd: options.cwd },
        command: options.command.map(redact),
        pid: process.pid,
        started: new Date(parts.startedAt).toISOString(),
        log: parts.logPath,
        scope: [...parts.scope],
      },
      identify: parts.door ?? noDoor,
      show: showings(redact),
      by: userName(),
      end: options.stop,
      alert: parts.note,
    },
  };
}
