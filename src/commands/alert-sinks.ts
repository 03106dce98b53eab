import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { commandSink } from "../alerts/command.js";
import { readSecret } from "../alerts/signature.js";
import type { Sink } from "../alerts/sink.js";
import { webhookSink } from "../alerts/webhook.js";
import type { AlertSetting } from "../model/alert.js";
import { openPrograms } from "../world/program.js";
import type { Places } from "./places.js";
import { UsageError } from "./usage-error.js";
import { readVersion } from "./version.js";

/**
 * The places that the user's config names, ready to be told. Throws UsageError where a secret cannot be used: an alert that
 * should be signed is not sent without. `env`: the user's own, without shims.
 */
export function openSinks(
  alerts: readonly AlertSetting[],
  places: Places,
  env: Readonly<Record<string, string | undefined>>,
): readonly Sink[] {
  const programs = openPrograms(undefined, () => false);
  return alerts.map((alert) => {
    const { on } = alert;
    if (alert.kind === "webhook") {
      const secret = alert.secretFile === undefined ? undefined : openSecret(alert.secretFile);
      return webhookSink({ url: alert.url, secret, on, version: readVersion(places) });
    }
    const [name = "", ...args] = alert.command;
    // Now, and not when it is needed: what an agent puts on PATH later is not started.
    const program = name.startsWith("/") ? name : (programs.findProgram(name, env["PATH"] ?? "") ?? name);
    return commandSink({ command: [program, ...args], env, cwd: places.home, on });
  });
}

/** Whoever knows the secret can send alerts that look like ours. */
function openSecret(path: string): Uint8Array {
  const fail = (problem: string) => new UsageError([`${path}: the secret of a webhook: ${problem}`]);
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw fail(isMissing ? "no such file" : "cannot be read");
  }
  try {
    const { mode, uid, size } = fstatSync(file);
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) throw fail("is no file");
    if (uid !== process.getuid?.()) throw fail("belongs to somebody else");
    if ((mode & 0o077) !== 0) throw fail(`others may read it; for you alone: chmod 600 ${path}`);
    if (size > mostSecret) throw fail("is longer than a secret may be (4 kB)");
    const bytes = Buffer.alloc(size);
    const secret = readSecret(bytes.toString("utf8", 0, readSync(file, bytes, 0, size, 0)));
    if (secret === undefined) throw fail("is shorter than 16 bytes; a good one: openssl rand -hex 32");
    return secret;
  } finally {
    closeSync(file);
  }
}

const mostSecret = 4096;
