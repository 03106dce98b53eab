import { basename, join } from "node:path";
import { logFileName } from "../audit/files.js";
import { createRedactor, secretValues } from "../audit/redact.js";
import type { ControlOptions } from "../broker/control-desk.js";
import type { Mode } from "../broker/decision.js";
import type { Sandbox } from "../launcher/sandbox.js";
import type { Place, SessionDirectory } from "../launcher/session-dir.js";
import { writeUserStart } from "../launcher/user-start.js";
import type { HeldScope } from "../model/record.js";
import type { SandboxPort } from "../model/sandbox-port.js";
import { openPreviews, type Previewing } from "../preview/gather.js";
import { previewers } from "../preview/table.js";
import type { SessionProvenance } from "../provenance/provenance.js";
import { findWorkspace } from "../world/workspace.js";
import { openDoor } from "./door.js";
import { declaredValues } from "./manifest-credentials.js";
import { heldScope } from "./manifests.js";
import type { SessionKnowledge } from "./session-knowledge.js";
import { openSessionLog, type SessionLog } from "./session-log.js";
import { findReach } from "./session-network.js";
import { openSessionProvenance } from "./session-provenance.js";
import { coveredPath, openSessionSandbox } from "./session-sandbox.js";
import type { SessionOptions } from "./session-shape.js";
import { openSessionWorld, type SessionWorld } from "./session-world.js";

/** What a session is opened from. */
export interface SessionBeginning {
  readonly options: SessionOptions;
  readonly knowledge: SessionKnowledge;
  readonly directory: SessionDirectory;
  /** Where session directories may lie. */
  readonly folders: readonly Place[];
  readonly salt: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** What needs nothing else of the session to be open. */
interface Ground extends SessionBeginning {
  readonly mode: Mode;
  readonly hasNet: boolean;
  /** Writes the notes for the shells' start-up files; again, where they were lost. */
  readonly writeStart: () => void;
  /** Absolute. */
  readonly workspace: string;
  readonly provenance: SessionProvenance;
  readonly redact: ReturnType<typeof createRedactor>;
  readonly logPath: string;
  readonly label: string;
}

/** All that is there before the broker is. */
export interface SessionParts extends Ground, SessionLog, SessionWorld {
  /** Undefined: the command runs on the machine as it is. */
  readonly sandbox: Sandbox | undefined;
  /** The broker's side of it. */
  readonly port: SandboxPort | undefined;
  /** Undefined where nobody is asked. */
  readonly previews: Previewing | undefined;
  /** Who looks at those that come from other terminals; undefined where that cannot be done. */
  readonly door: ControlOptions["identify"] | undefined;
  /** The manifests that hold, as the record of the start and `status` have them. */
  readonly scope: readonly HeldScope[];
}

/** In the order of docs/inside/start.md. Rejects when the sandbox or the log cannot be had. */
export async function openParts(beginning: SessionBeginning): Promise<SessionParts> {
  const ground = layGround(beginning);
  const { options, knowledge, directory, salt, startedAt } = beginning;
  const { places, env, cwd, command } = options;
  const { mode, hasNet, workspace, provenance, redact, logPath, label } = ground;
  const sandbox =
    options.sandbox === true || knowledge.sandbox.always
      ? await openSessionSandbox({ directory, knowledge, places, env, cwd, workspace, command, hasNet })
      : undefined;
  const sessionLog = await openSessionLog({
    ...{ path: logPath, session: directory.id, label, places, env, redact, onRecord: options.onRecord },
    alerts: knowledge.alerts,
    around: { workspace, home: places.home },
  });
  const sessionWorld = openSessionWorld({
    ...{ directory, knowledge, places, env, cwd, mode, startedAt, workspace, salt, provenance },
    reach: hasNet ? findReach(places, directory) : undefined,
    sight: sandbox?.sight,
  });
  const { world, links, linked, startPath, findReal } = sessionWorld;
  const onLost = () => {
    sessionLog.note("what hands out programs in the sandbox has ended: the session is ended");
    options.stop();
  };
  // Waited for once the broker is up, unless something fails before.
  linked.catch(() => {});
  if (sandbox !== undefined) await linked;
  const port = sandbox?.cover(coveredPath(startPath, cwd), (name) => links.has(name), onLost);
  const { manifests, labels, held } = knowledge;
  const previews =
    mode === "ask" ? openPreviews({ world, findReal, previewers, manifests, env, labels }) : undefined;
  const door = openDoor(places);
  const scope = heldScope(held);
  return { ...ground, ...sessionLog, ...sessionWorld, sandbox, port, previews, door, scope };
}

function layGround(beginning: SessionBeginning): Ground {
  const { options, knowledge, directory, salt, startedAt } = beginning;
  const { places, env, cwd } = options;
  const { manifests } = knowledge;
  const writeStart = () => writeUserStart(directory.rc, env, options.isRemote === true);
  writeStart();
  const workspace = findWorkspace(cwd, places.home);
  const provenance = openSessionProvenance({
    ...{ places, env, manifests, workspace, startedAt, salt },
    own: [places.state, directory.path],
    readsOf: knowledge.judge.readsOf,
  });
  const redact = createRedactor([...secretValues(env), ...declaredValues(manifests)], provenance.secretsIn);
  return {
    ...beginning,
    mode: options.mode ?? (knowledge.approve ? "ask" : "deny"),
    hasNet: options.net === true || knowledge.net.always,
    ...{ writeStart, workspace, provenance, redact },
    logPath: join(places.logs, logFileName(directory.id, new Date(startedAt))),
    label: options.name ?? labelOf(options.command),
  };
}

function labelOf(command: readonly string[]): string {
  return command
    .map((word) => basename(word))
    .join(" ")
    .slice(0, 60);
}
