import { basename, join } from "node:path";
import { logFileName } from "../audit/files.js";
import { createRedactor, secretValues } from "../audit/redact.js";
import { openBroker } from "../broker/broker.js";
import { dropDumps } from "../launcher/dumps.js";
import { sessionEnvironment } from "../launcher/environment.js";
import { type Place, type SessionDirectory, sessionPlaces } from "../launcher/session-dir.js";
import { writeUserStart } from "../launcher/user-start.js";
import { openPreviews } from "../preview/gather.js";
import { previewers } from "../preview/table.js";
import { sessionWords } from "../scope/session-words.js";
import { findWorkspace } from "../world/workspace.js";
import { changedManifests } from "./changed-manifests.js";
import { noDoor, openDoor } from "./door.js";
import { newSalt } from "./guard-paths.js";
import { declaredValues } from "./manifest-credentials.js";
import { heldScope } from "./manifests.js";
import { startNotices } from "./notices.js";
import { keepSession } from "./session-keeper.js";
import { loadSession, type SessionKnowledge } from "./session-knowledge.js";
import { openSessionLog, writeOrLeave } from "./session-log.js";
import { findReach, networkOf } from "./session-network.js";
import { openPlace } from "./session-place.js";
import { openSessionProvenance } from "./session-provenance.js";
import { coveredPath, judgeInSandbox, noSandbox, openSessionSandbox } from "./session-sandbox.js";
import type { Session, SessionOptions } from "./session-shape.js";
import { openSessionWorld } from "./session-world.js";
import { showings } from "./showings.js";
import { userName } from "./user-name.js";

/** Throws when a rule file, the log or the directory cannot be used; then nothing is left behind. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { places, env, cwd } = options;
  const startedAt = Date.now();
  const folders = sessionPlaces(env, places.home);
  let salt = "";
  const [directory, knowledge] = await openPlace(folders, places, () => {
    // While the directory is furnished: it loads Node's cryptography, which takes two milliseconds.
    salt = newSalt();
    return loadSession(places, options.config, { cwd, env, named: options.scope });
  });
  try {
    return await open({ ...options, salt }, knowledge, directory, folders, startedAt);
  } catch (cause) {
    await directory.remove();
    throw cause;
  }
}

async function open(
  options: SessionOptions & { readonly salt: string },
  knowledge: SessionKnowledge,
  directory: SessionDirectory,
  folders: readonly Place[],
  startedAt: number,
): Promise<Session> {
  const { places, env: outer, cwd, command, asker, salt } = options;
  const { manifests, held } = knowledge;
  const hasNet = options.net === true || knowledge.net.always;
  const mode = options.mode ?? (knowledge.approve ? "ask" : "deny");
  const { id } = directory;
  const writeStart = () => writeUserStart(directory.rc, outer, options.isRemote === true);
  writeStart();
  const workspace = findWorkspace(cwd, places.home);
  const provenance = openSessionProvenance({
    ...{ places, env: outer, manifests, workspace, startedAt, salt },
    own: [places.state, directory.path],
    readsOf: knowledge.judge.readsOf,
  });
  const redact = createRedactor([...secretValues(outer), ...declaredValues(manifests)], provenance.secretsIn);
  const logPath = join(places.logs, logFileName(id, new Date(startedAt)));
  const label = options.name ?? labelOf(command);
  const sandbox =
    options.sandbox === true || knowledge.sandbox.always
      ? await openSessionSandbox({
          directory,
          knowledge,
          places,
          env: outer,
          cwd,
          workspace,
          command,
          hasNet,
        })
      : undefined;
  const { log, alerts, note } = await openSessionLog({
    ...{ path: logPath, session: id, label, places, env: outer, redact, onRecord: options.onRecord },
    alerts: knowledge.alerts,
    around: { workspace, home: places.home },
  });
  const { world, undo, links, linked, startPath, findReal } = openSessionWorld({
    ...{ directory, knowledge, places, env: outer, cwd, mode, startedAt, workspace, salt, provenance },
    reach: hasNet ? findReach(places, directory) : undefined,
    sight: sandbox?.sight,
  });
  const onLost = () => {
    note("what hands out programs in the sandbox has ended: the session is ended");
    options.stop();
  };
  // Waited for once the broker is up, unless something fails before.
  linked.catch(() => {});
  if (sandbox !== undefined) await linked;
  const port = sandbox?.cover(coveredPath(startPath, cwd), (name) => links.has(name), onLost);
  const previews =
    mode === "ask"
      ? openPreviews({ ...{ world, findReal, previewers, manifests, env: outer }, labels: knowledge.labels })
      : undefined;
  const door = openDoor(places);
  const scope = heldScope(held);
  const broker = await openBroker({
    ...directory,
    session: id,
    label,
    mode,
    timeout: options.timeout ?? knowledge.timeout ?? 300_000,
    judge: sandbox === undefined ? knowledge.judge.judge : judgeInSandbox(knowledge.judge.judge, sandbox),
    world,
    log,
    alerts,
    scope: sessionWords(manifests),
    backups: manifests.some(({ backups }) => backups.length > 0)
      ? (await import("../backups/backups.js")).openBackups({
          env: outer,
          now: Date.now,
          scratch: directory.path,
        })
      : undefined,
    previews,
    asker,
    waitsElsewhere: mode === "ask" && door !== undefined && (asker === undefined || knowledge.approve),
    control: {
      path: join(directory.path, "control"),
      options: {
        session: {
          ...{ id, label, mode, cwd },
          command: command.map(redact),
          pid: process.pid,
          started: new Date(startedAt).toISOString(),
          log: logPath,
          scope: [...scope],
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
    ...(undo === undefined ? {} : { undo }),
    network: hasNet ? await networkOf(directory, knowledge, places, outer, sandbox !== undefined) : undefined,
    sandbox: port,
  });
  await linked.catch(async (cause) => {
    await broker.close();
    throw cause;
  });
  const stopNotices =
    knowledge.notify === undefined || broker.questions === undefined
      ? () => {}
      : startNotices(broker.questions, {
          ...{ command: knowledge.notify, env: outer, cwd: places.home, label, redact },
        });
  let judging: NodeJS.Timeout | undefined;
  let stopKeeping = () => {};
  const env = {
    ...sessionEnvironment({
      ...{ outer, ...directory, session: id, mode },
      hasShim: (name) => links.has(name),
      keepsLevel: options.keepsLevel === true,
    }),
    ...broker.network?.environment(),
  };
  await sandbox?.prepare(broker.network?.forwards ?? [], env).catch(async (cause: Error) => {
    provenance.close();
    links.close();
    await broker.close();
    sandbox.close();
    log.close();
    throw await noSandbox(cause.message, places, outer);
  });
  const session: Session = {
    id,
    mode,
    asks:
      mode !== "ask" ? "nobody" : asker !== undefined ? "here" : door === undefined ? "nobody" : "elsewhere",
    logPath,
    held,
    directory,
    links,
    broker,
    sandbox,
    env,
    redact,
    findReal,
    started: (pid) => {
      log.sync();
      if (pid !== undefined) sandbox?.interior.follow(pid);
      dropDumps();
      provenance.start();
      stopKeeping = keepSession({
        ...{ directory, folders, links, broker, places, note, writeStart },
        ...options,
      });
      // So that the first call need not wait for it; a command that ends at once has no use for it.
      judging = setTimeout(() => {
        links.watchNoted();
        knowledge.judge.ready().catch(() => {});
      }, judgeDelay);
    },
    ended: () => clearTimeout(judging),
    kept: () => undo?.trash.kept ?? 0,
    keeping: knowledge.trash,
    note: (cause) => note(`unforeseen: ${cause instanceof Error ? cause.message : cause}`),
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
    close: (status) => {
      for (const changed of changedManifests(held)) {
        note(changed);
        process.stderr.write(`holdpoint: ${changed}\n`);
      }
      writeOrLeave(log, { event: "session.end", status });
      log.close();
    },
  };
  log.write(
    {
      event: "session.start",
      argv: command,
      cwd,
      pid: process.pid,
      reason: `mode ${mode}${sandbox === undefined ? "" : ", sandbox"}${hasNet ? ", net" : ""}`,
      ...(scope.length === 0 ? {} : { scope }),
    },
    // On the disk before the first call is answered, and beside the command's own start.
    false,
  );
  return session;
}

/** Milliseconds after the command's start. */
const judgeDelay = 30;

function labelOf(command: readonly string[]): string {
  return command
    .map((word) => basename(word))
    .join(" ")
    .slice(0, 60);
}
