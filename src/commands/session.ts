import type { Broker } from "../broker/broker.js";
import { sessionEnvironment } from "../launcher/environment.js";
import { sessionPlaces } from "../launcher/session-dir.js";
import type { RecordBody } from "../model/record.js";
import { newSalt } from "./guard-paths.js";
import { startNotices } from "./notices.js";
import { openSessionBroker } from "./session-broker.js";
import { loadSession } from "./session-knowledge.js";
import { openParts, type SessionBeginning, type SessionParts } from "./session-parts.js";
import { openPlace } from "./session-place.js";
import { readySession } from "./session-ready.js";
import { noSandbox } from "./session-sandbox.js";
import type { Session, SessionOptions } from "./session-shape.js";

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
    return await open({ options, knowledge, directory, folders, salt, startedAt });
  } catch (cause) {
    await directory.remove();
    throw cause;
  }
}

/** Each step needs the one before; docs/inside/start.md says why in this order. */
async function open(beginning: SessionBeginning): Promise<Session> {
  const parts = await openParts(beginning);
  const broker = await openSessionBroker(parts);
  await parts.linked.catch(async (cause) => {
    await broker.close();
    throw cause;
  });
  const stopNotices = noticesOf(parts, broker);
  const env = commandEnvironment(parts, broker);
  await prepareSandbox(parts, broker, env);
  const session = readySession(parts, { broker, env, stopNotices });
  // On the disk before the first call is answered, and beside the command's own start.
  parts.log.write(startRecord(parts), false);
  return session;
}

/** Returns how to stop them. */
function noticesOf({ options, knowledge, label, redact }: SessionParts, { questions }: Broker): () => void {
  const { notify: command } = knowledge;
  if (command === undefined || questions === undefined) return () => {};
  const { env, places } = options;
  return startNotices(questions, { command, env, cwd: places.home, label, redact });
}

function commandEnvironment(
  { options, directory, links, mode }: SessionParts,
  { network }: Broker,
): Readonly<Record<string, string>> {
  return {
    ...sessionEnvironment({
      ...{ outer: options.env, ...directory, session: directory.id, mode },
      hasShim: (name) => links.has(name),
      keepsLevel: options.keepsLevel === true,
    }),
    ...network?.environment(),
  };
}

/** Where there is one. Rejects with the reason for which it cannot be had, and what was opened is closed. */
async function prepareSandbox(
  { options, sandbox, provenance, links, log }: SessionParts,
  broker: Broker,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  await sandbox?.prepare(broker.network?.forwards ?? [], env).catch(async (cause: Error) => {
    provenance.close();
    links.close();
    await broker.close();
    sandbox.close();
    log.close();
    throw await noSandbox(cause.message, options.places, options.env);
  });
}

function startRecord({ options, mode, sandbox, hasNet, scope }: SessionParts): RecordBody {
  return {
    event: "session.start",
    argv: options.command,
    cwd: options.cwd,
    pid: process.pid,
    reason: `mode ${mode}${sandbox === undefined ? "" : ", sandbox"}${hasNet ? ", net" : ""}`,
    ...(scope.length === 0 ? {} : { scope }),
  };
}
