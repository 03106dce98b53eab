import { resolve } from "node:path";
import * as v from "valibot";
import { type AlertSetting, alertEvents } from "../model/alert.js";

const textEntry = v.pipe(v.string(), v.nonEmpty("must not be empty"));

/** A program of the user's own and its arguments, started outside the guard. */
export const commandEntry = v.pipe(
  v.array(textEntry),
  v.nonEmpty("must name a program"),
  // Found from the agent's folder, it would be the agent's to write.
  v.check(
    ([program = ""]) => !/^[^/].*\//.test(program),
    "must begin with a name on PATH or an absolute path",
  ),
);

/** One of the user config's `alerts`. */
export const alertEntry = v.pipe(
  v.strictObject({
    webhook: v.optional(
      v.pipe(
        v.string(),
        v.check(
          isSafeUrl,
          "must be a URL of https, or of http on this machine, without a user and a password in it",
        ),
      ),
    ),
    secret_file: v.optional(textEntry),
    command: v.optional(commandEntry),
    on: v.optional(
      v.pipe(
        v.array(v.picklist(alertEvents, `must be of: ${alertEvents.join(", ")}`)),
        v.nonEmpty("must name an event, or be left out for all"),
      ),
    ),
  }),
  v.check(
    ({ webhook, command }) => (webhook === undefined) !== (command === undefined),
    'needs either "webhook" or "command"',
  ),
  v.check(
    ({ webhook, secret_file }) => secret_file === undefined || webhook !== undefined,
    '"secret_file" is for a webhook',
  ),
);

/** `folder`: the config's, where a secret's file lies unless its path is absolute. */
export function toAlert(
  { webhook, secret_file, command, on = [...alertEvents] }: v.InferOutput<typeof alertEntry>,
  folder: string,
): readonly AlertSetting[] {
  if (command !== undefined) return [{ kind: "command", command, on }];
  if (webhook === undefined) return [];
  const secretFile = secret_file === undefined ? undefined : resolve(folder, secret_file);
  return [{ kind: "webhook", url: webhook, secretFile, on }];
}

/** What is told of a session is for nobody on the way; only this machine may be spoken to in the clear. */
function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== "" || password !== "") return false;
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
