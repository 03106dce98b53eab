import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { logFileName } from "../audit/files.js";
import { openLog } from "../audit/log.js";
import { createRedactor, secretValues } from "../audit/redact.js";
import { type Broker, openBroker } from "../broker/broker.js";
import type { Mode } from "../broker/decision.js";
import { absolutePath } from "../broker/program.js";
import { createJudge } from "../judge.js";
import { dropDumps } from "../launcher/dumps.js";
import { sessionEnvironment } from "../launcher/environment.js";
import { makeFolder } from "../launcher/folder.js";
import { Links } from "../launcher/links.js";
import {
  makeSessionDirectory,
  type Place,
  type SessionDirectory,
  type Shim,
  sessionPlaces,
} from "../launcher/session-dir.js";
import { writeUserStart } from "../launcher/user-start.js";
import type { Asker } from "../model/question.js";
import type { AuditLog, AuditRecord, RecordBody } from "../model/record.js";
import type { TrashSetting } from "../model/trash.js";
import type { World } from "../model/world.js";
import { openPreviews } from "../preview/gather.js";
import { previewers } from "../preview/table.js";
import { sessionWords } from "../scope/session-words.js";
import { openTrash, type SessionTrash } from "../trash/trash.js";
import { openPrograms } from "../world/program.js";
import { findWorkspace } from "../world/workspace.js";
import { openWorld } from "../world/world.js";
import { noDoor, openDoor } from "./door.js";
import { guardPaths, newSalt } from "./judge-world.js";
import { type Held, heldScope, loadScoped, type Scoped } from "./manifests.js";
import { startNotices } from "./notices.js";
import { awsTable, type Places } from "./places.js";
import { keepSession } from "./session-keeper.js";
import { openSessionProvenance } from "./session-provenance.js";
import { showings } from "./showings.js";
import { userName } from "./user-name.js";

export interface SessionOptions {
  readonly command: readonly string[];
  /** Undefined where nobody is at a terminal: then the config says whether somebody may answer from elsewhere. */
  readonly mode: Mode | undefined;
  readonly config?: string;
  /** One more manifest. */
  readonly scope?: string;
  readonly timeout?: number;
  readonly name?: string;
  readonly places: Places;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly asker: Asker | undefined;
  /** SHLVL is left as it is, even unset. */
  readonly keepsLevel?: boolean;
  /** The command is a bash that would take itself for one started by ssh, and read ~/.bashrc. */
  readonly isRemote?: boolean;
  /** Hears of each record of the log, once it is written. */
  readonly onRecord?: (record: AuditRecord) => void;
  /** Ends the command: somebody asked for it by `holdpoint end`, or nothing guards it any more. */
  readonly stop: () => void;
  /** Tells whoever is at the terminal, where that disturbs no program's screen. */
  readonly say?: (line: string) => void;
}

/** A session that is ready: nothing of it runs yet. */
export interface Session {
  readonly id: string;
  readonly mode: Mode;
  /** Who answers questions: whoever is at the session's own terminal, or only `holdpoint approve`, or nobody. */
  readonly asks: "here" | "elsewhere" | "nobody";
  readonly logPath: string;
  /** The manifests that hold. */
  readonly held: readonly Held[];
  readonly directory: SessionDirectory;
  readonly folders: readonly Place[];
  readonly links: Links;
  readonly broker: Broker;
  /** What the command starts with. */
  readonly env: Readonly<Record<string, string>>;
  readonly redact: (text: string) => string;
  /** The program that a name stood for when the session started. */
  readonly findReal: (name: string) => string | undefined;
  /** The command was started: what must not delay that comes now. */
  readonly started: () => void;
  /** How many deletions the trash has taken. */
  readonly kept: () => number;
  /** Its limits; undefined: there is none. */
  readonly keeping: TrashSetting | undefined;
  /** An error that nobody caught: it goes into the log, and the session goes on. */
  readonly note: (cause: unknown) => void;
  /** Stops serving; the last record says how the command ended. */
  readonly close: (status: number) => Promise<void>;
}

/** Throws when a rule file, the log or the directory cannot be used; then nothing is left behind. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { places, env } = options;
  const startedAt = Date.now();
  const folders = sessionPlaces(env, places.home);
  const [loaded, directory] = await both(
    loadScoped(places, options.config, { cwd: options.cwd, env, named: options.scope }),
    makeSessionDirectory({
      places: folders,
      shim: findShim(places),
      rc: join(places.packageRoot, "shims", "rc"),
    }),
  );
  try {
    return await open(options, loaded, directory, folders, startedAt);
  } catch (cause) {
    directory.remove();
    throw cause;
  }
}

/** Side by side, since one waits for files and the other for programs. A directory without rules is taken away again. */
async function both<T>(
  first: Promise<T>,
  second: Promise<SessionDirectory>,
): Promise<readonly [T, SessionDirectory]> {
  const [one, two] = await Promise.allSettled([first, second]);
  if (one.status === "fulfilled" && two.status === "fulfilled") return [one.value, two.value];
  if (two.status === "fulfilled") two.value.remove();
  throw one.status === "rejected" ? one.reason : two.status === "rejected" ? two.reason : undefined;
}

async function open(
  options: SessionOptions,
  loaded: Scoped,
  directory: SessionDirectory,
  folders: readonly Place[],
  startedAt: number,
): Promise<Session> {
  const { places, env: outer, cwd, command, asker } = options;
  const mode = options.mode ?? (loaded.approve ? "ask" : "deny");
  const { id, bin } = directory;
  const writeStart = () => writeUserStart(directory.rc, outer, options.isRemote === true);
  writeStart();
  const workspace = findWorkspace(cwd, places.home);
  const salt = newSalt();
  const provenance = openSessionProvenance({
    ...{ places, env: outer, manifests: loaded.policy.manifests, workspace, startedAt, salt },
    own: [places.state, directory.path],
  });
  const redact = createRedactor([...secretValues(outer), ...declaredValues(loaded)], provenance.secretsIn);
  const logPath = join(places.logs, logFileName(id, new Date(startedAt)));
  const label =
    options.name ??
    command
      .map((word) => basename(word))
      .join(" ")
      .slice(0, 60);
  const note = (reason: string) => writeOrLeave(log, { event: "alert", reason });
  const alerts =
    loaded.alerts.length === 0
      ? undefined
      : (await import("./session-alerts.js")).openSessionAlerts({
          ...{ alerts: loaded.alerts, places, env: outer, session: id, label, log: logPath, redact },
          around: { workspace: findWorkspace(cwd, places.home), home: places.home },
          onLost: note,
        });
  makeLogFolder(places.logs);
  const { onRecord } = options;
  const log = openLog({
    path: logPath,
    session: id,
    redact,
    now: () => new Date(),
    ...(onRecord === undefined ? {} : { onRecord }),
    isWatched: loaded.alerts.some(({ on }) => on.includes("log")),
    onTrouble: ({ kind, reason }) => {
      alerts?.tellOfLog(reason);
      // After the record that is being written.
      if (kind !== "failed") queueMicrotask(() => note(reason));
    },
  });
  const startPath = outer["PATH"] ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const links = new Links(bin, directory.shim, [...loaded.shimmed]);
  links.note(absolutePath(startPath, cwd));
  const programs = openPrograms(bin, links.has.bind(links));
  const findReal = (name: string) => programs.findProgram(name, startPath);
  const plainWorld = openWorld({
    startedAt,
    workspace,
    guardPaths: [...guardPaths(places), ...loaded.files, directory.path],
    home: places.home,
    uid: process.getuid?.() ?? 0,
    tmpdir: outer["TMPDIR"],
    shimDirectory: bin,
    shimmed: links.has.bind(links),
    salt,
    gitProgram: findReal("git"),
    awsTable: awsTable(places),
    isSession: true,
    provenance: provenance.view,
  });
  const trash = openSessionTrash(plainWorld, loaded, mode, id, places);
  const world = trash === undefined ? plainWorld : { ...plainWorld, trash: trash.view };
  const { labels, manifests } = loaded.policy;
  const previews =
    mode === "ask" ? openPreviews({ world, findReal, previewers, labels, manifests, env: outer }) : undefined;
  const door = openDoor(places);
  const asks =
    mode !== "ask" ? "nobody" : asker !== undefined ? "here" : door === undefined ? "nobody" : "elsewhere";
  const broker = await openBroker({
    ...directory,
    session: id,
    label,
    mode,
    timeout: options.timeout ?? loaded.timeout ?? 300_000,
    judge: createJudge(loaded.policy, loaded.table),
    world,
    log,
    alerts,
    scope: sessionWords(loaded.policy.manifests),
    backups: loaded.policy.manifests.some(({ backups }) => backups.length > 0)
      ? (await import("../backups/backups.js")).openBackups({
          env: outer,
          now: Date.now,
          scratch: directory.path,
        })
      : undefined,
    previews,
    asker,
    waitsElsewhere: mode === "ask" && door !== undefined && (asker === undefined || loaded.approve),
    control: {
      path: join(directory.path, "control"),
      options: {
        session: {
          id,
          label,
          mode,
          command: command.map(redact),
          cwd,
          pid: process.pid,
          started: new Date(startedAt).toISOString(),
          log: logPath,
          scope: [...heldScope(loaded.held)],
        },
        identify: door ?? noDoor,
        show: showings(redact),
        by: userName(),
        end: options.stop,
        alert: note,
      },
    },
    redact,
    startPath,
    notePath: (path) => links.note(path),
    onRun: (judgement) => {
      provenance.note(judgement, world);
      previews?.note(judgement);
    },
    ...(trash === undefined ? {} : { undo: { trash, worldWithout: plainWorld } }),
  });
  const stopNotices =
    loaded.notify === undefined || broker.questions === undefined
      ? () => {}
      : startNotices(broker.questions, {
          command: loaded.notify,
          env: outer,
          cwd: places.home,
          label,
          redact,
        });
  let stopKeeping = () => {};
  const session: Session = {
    id,
    mode,
    asks,
    logPath,
    held: loaded.held,
    directory,
    folders,
    links,
    broker,
    env: sessionEnvironment({
      outer,
      ...directory,
      session: id,
      mode,
      hasShim: (name) => links.has(name),
      keepsLevel: options.keepsLevel === true,
    }),
    redact,
    findReal,
    started: () => {
      dropDumps();
      provenance.start();
      stopKeeping = keepSession({ ...{ directory, links, broker, places, note }, writeStart, ...options });
    },
    kept: () => trash?.kept ?? 0,
    keeping: loaded.trash,
    note: (cause) => note(`unforeseen: ${cause instanceof Error ? cause.message : cause}`),
    close: async (status) => {
      stopKeeping();
      stopNotices();
      provenance.close();
      links.close();
      await broker.close();
      await alerts?.end();
      writeOrLeave(log, { event: "session.end", status });
      log.close();
    },
  };
  const scope = heldScope(loaded.held);
  log.write(
    {
      event: "session.start",
      argv: command,
      cwd,
      pid: process.pid,
      reason: `mode ${mode}`,
      ...(scope.length === 0 ? {} : { scope }),
    },
    true,
  );
  return session;
}

/** Where a session only observes, all happens as it would without it. */
function openSessionTrash(
  { session: { workspace }, user: { uid } }: World,
  { trash }: Scoped,
  mode: Mode,
  session: string,
  { state }: Places,
): SessionTrash | undefined {
  if (trash === undefined || mode === "observe") return undefined;
  return openTrash({ ...{ state, workspace, uid, session }, max: trash.max });
}

/** What the manifests declare as credentials is secret, whatever it is called. */
function declaredValues({ policy }: Scoped): readonly string[] {
  return policy.manifests.flatMap(({ credentials = [] }) =>
    credentials.flatMap(({ value }) => (value === undefined ? [] : [value])),
  );
}

function makeLogFolder(path: string): void {
  try {
    makeFolder(path);
  } catch (cause) {
    const remedy = "set XDG_STATE_HOME to one that can be written to";
    throw new Error(
      `cannot make the folder "${path}" for the audit log, without which nothing is run (${remedy})`,
      {
        cause,
      },
    );
  }
}

/** The compiled shim; without a compiler, the one for Node. */
function findShim({ packageRoot }: Places): Shim {
  const native = join(packageRoot, "shims", "build", "shim");
  return existsSync(native)
    ? { kind: "native", path: native }
    : { kind: "node", node: process.execPath, path: join(packageRoot, "shims", "shim.js") };
}

/** For what gates nothing: a log that cannot be written denies every call by itself. */
function writeOrLeave(log: AuditLog, body: RecordBody): void {
  try {
    log.write(body, true);
  } catch {
    process.stderr.write(`holdpoint: the record of "${body.event}" could not be written\n`);
  }
}
