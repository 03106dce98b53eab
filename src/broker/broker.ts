import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { Judge } from "../judge.js";
import type { AlertPort } from "../model/alert.js";
import type { BackupPort } from "../model/backup.js";
import { realClock } from "../model/clock.js";
import type { Judgement } from "../model/judgement.js";
import type { PreviewPort } from "../model/preview.js";
import type { Asker } from "../model/question.js";
import type { AuditLog } from "../model/record.js";
import type { SandboxPort } from "../model/sandbox-port.js";
import { aroundOf } from "../model/shown-path.js";
import type { Network, WireGate } from "../model/wire.js";
import type { World } from "../model/world.js";
import { Attention } from "./attention.js";
import type { Bench } from "./bench.js";
import { listenControl } from "./control.js";
import type { ControlOptions } from "./control-desk.js";
import type { Handle } from "./conversation.js";
import { Decisions, type Mode } from "./decision.js";
import { listenFifos } from "./fifo.js";
import { createHandle } from "./handle.js";
import { judgedMarks } from "./judged-marks.js";
import { isProcessAlive, isShellProcess, Lines } from "./lines.js";
import { inTurns } from "./pace.js";
import { Programs } from "./program.js";
import { Questions } from "./questions.js";
import { listenSocket } from "./server.js";
import { makeThreads } from "./threads.js";
import { createWireGate } from "./wire.js";

/** What a broker is put together from: the judge and its world, where records go, who is asked, where shims come in. */
export interface BrokerOptions {
  readonly session: string;
  readonly label: string;
  readonly mode: Mode;
  /** Milliseconds before an unanswered question is denied. */
  readonly timeout: number;
  readonly judge: Judge;
  readonly world: World;
  readonly log: AuditLog;
  /** Who is told of what at once; undefined where nobody is. */
  readonly alerts: AlertPort | undefined;
  /** What is looked up before a human is asked; undefined where nothing is. */
  readonly previews?: PreviewPort | undefined;
  /** What the manifests say that the session is for. */
  readonly scope?: readonly string[];
  /** Shows backups, where a manifest wants them. */
  readonly backups?: BackupPort | undefined;
  /** The session's own terminal; undefined where it has none. */
  readonly asker: Asker | undefined;
  /** Whether questions wait for somebody elsewhere when nobody is at the session's own terminal. */
  readonly waitsElsewhere: boolean;
  /** Where other terminals come in, and what they are told. */
  readonly control: { readonly path: string; readonly options: ControlOptions } | undefined;
  readonly redact: (text: string) => string;
  /** Path of the unix socket to make. */
  readonly socket: string;
  /** The folder of the FIFOs, and how many pairs are in it. */
  readonly fifos: string;
  readonly pairs: number;
  /** The folder of the shims. */
  readonly bin: string;
  /** Where the shells' hooks look for refusals. */
  readonly rc: string;
  /** PATH as it was when the session started. */
  readonly startPath: string;
  /** Has a caller's PATH looked through for names that have no shim yet. */
  readonly notePath: (path: string) => void;
  /** Hears of what was let run. */
  readonly onRun?: (judgement: Judgement) => void;
  /** Opens the network layer. Left out: there is none. */
  readonly network?: ((gate: WireGate) => Promise<Network>) | undefined;
  /** As the bench has it. */
  readonly undo?: Bench["undo"];
  /** As the bench has it. */
  readonly sandbox?: SandboxPort | undefined;
}

export interface Broker {
  /** The same way for a call that no shim made: the session's first command. */
  readonly handle: Handle;
  readonly network: Network | undefined;
  /** Undefined where nobody is asked. */
  readonly questions: Questions | undefined;
  /** On new sockets, where somebody removed them. */
  listenAgain(): Promise<void>;
  close(): Promise<void>;
}

/** Puts a broker together and serves it on both transports. Rejects when the socket cannot be made. */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const { session, label, mode, timeout, judge, log, alerts, previews, asker, redact, bin, notePath } =
    options;
  const threads = makeThreads();
  const attention = new Attention();
  const world = attention.over(options.world);
  const onRefused = (token: string) => appendFileSync(join(options.rc, `refused.${token}`), ".");
  // Time that passes: a clock that is set back would keep what has ended. `performance` would load a dozen of Node's modules.
  const now = () => process.uptime() * 1000;
  const marks = judgedMarks(options.rc);
  const { sandbox } = options;
  const lines = new Lines({
    ...{ now, onRefused },
    // A mark is emptied by the shell that reads it, which cannot write outside a sandbox.
    ...(sandbox === undefined
      ? { isAlive: isProcessAlive, isShell: isShellProcess, marks }
      : { isAlive: sandbox.isAlive, isShell: sandbox.isShell }),
  });
  const elsewhere = options.waitsElsewhere;
  const questions =
    asker === undefined && !elsewhere
      ? undefined
      : new Questions({
          asker,
          elsewhere,
          session,
          label,
          timeout,
          clock: realClock,
          around: aroundOf(world),
          ...(options.scope === undefined ? {} : { scope: options.scope }),
        });
  const decisions = new Decisions({
    ...{ log, lines, questions, redact, alerts, previews, backups: options.backups },
    ...(options.onRun === undefined ? {} : { onRun: options.onRun }),
  });
  const programs = new Programs(world, options.startPath, sandbox?.covers);
  const { undo } = options;
  const bench: Bench = {
    ...{ judge, world, attention, decisions, lines, programs, mode, bin, redact, notePath },
    ...(undo === undefined ? {} : { undo: { ...undo, worldWithout: attention.over(undo.worldWithout) } }),
    ...(sandbox === undefined ? {} : { sandbox }),
  };
  const network = await options.network?.(createWireGate(bench));
  const handle = createHandle(network === undefined ? bench : { ...bench, network });
  await threads;
  const paced = inTurns(handle);
  const shims = await listenSocket(options.socket, paced, { onTurnedAway: tellOfTurnedAway(log) });
  const { control } = options;
  const others =
    control === undefined ? undefined : await listenControl(control.path, questions, control.options);
  const served = [shims, others, network].filter((each) => each !== undefined);
  const fifos = options.pairs > 0 ? [listenFifos(options.fifos, options.pairs, paced, shims.visitors)] : [];
  return {
    handle,
    network,
    questions,
    listenAgain: async () => {
      await shims.again();
      await others?.again();
    },
    close: async () => {
      await Promise.all([...served, ...fifos].map((each) => each.close()));
    },
  };
}

/** Who was not even heard has no record; that there were such has one, and another each minute while it goes on. */
function tellOfTurnedAway(log: AuditLog): () => void {
  let count = 0;
  let saidAt = Number.NEGATIVE_INFINITY;
  return () => {
    count += 1;
    if (process.uptime() - saidAt < 60) return;
    saidAt = process.uptime();
    const reason = `too many commands at once: ${count} refused without a look so far`;
    // A log that cannot be written denies every call by itself.
    try {
      log.write({ event: "alert", reason }, false);
    } catch {}
  };
}
