import type { OnlineReach } from "../../model/credential-audit.js";
import { type Connection, labelOf } from "./connection.js";
import { findProgram, runProgram } from "./program.js";
import { alive, dead, failed, listed, unasked } from "./reach.js";
import type { Context } from "./service.js";

/** ACL GETUSER of its own user and ROLE, by redis-cli. */
export async function redis(connection: Connection, context: Context): Promise<OnlineReach> {
  const program = findProgram("redis-cli", context.env) ?? findProgram("valkey-cli", context.env);
  if (program === undefined) return unasked("redis-cli is not installed here");
  const { host = "127.0.0.1", port = "6379", user = "default", password } = connection;
  if (/[\s"'\\]/.test(user)) return unasked("a user's name that redis-cli cannot be given");
  const args = [
    "-h",
    host,
    "-p",
    port,
    "--no-raw",
    "--no-auth-warning",
    ...(password === undefined || user === "default" ? [] : ["--user", user]),
    ...(connection.scheme === "rediss" ? ["--tls", "--sni", host] : []),
  ];
  const env = {
    PATH: context.env["PATH"] ?? "",
    HOME: "/nonexistent",
    LC_ALL: "C",
    REDISCLI_RCFILE: "/dev/null",
    ...(password === undefined ? {} : { REDISCLI_AUTH: password }),
  };
  const input = `ROLE\nACL GETUSER ${user}\n`;
  const { out, errors } = await runProgram({ program, args, env, input }, context.signal);
  return reachOf(`${errors}\n${out}`, user, connection, context.signal);
}

function reachOf(text: string, user: string, connection: Connection, signal: AbortSignal): OnlineReach {
  if (/WRONGPASS|invalid username-password|ERR invalid password/i.test(text))
    return dead("refused: wrong user or password");
  if (/NOAUTH/.test(text)) return failed("the server wants a password, and there is none in it");
  const place = labelOf({ ...connection, name: undefined });
  const replica = /"slave"/.test(text) ? ", a replica" : "";
  const [, commands] = /"commands"\n\s*\d+\) "([^"]*)"/.exec(text) ?? [];
  const [, keys = "~*"] = /"keys"\n\s*\d+\) (?:1\) )?"([^"]*)"/.exec(text) ?? [];
  if (commands !== undefined) {
    const rules = commands.split(" ");
    const isWhole =
      rules.includes("+@all") && !rules.some((rule) => rule.startsWith("-")) && /^~?\*$/.test(keys);
    const isReading =
      rules.includes("-@all") && rules.every((rule) => rule.startsWith("-") || reading.test(rule));
    const told = isWhole ? "every command" : `${listed(rules, "no command")} on keys ${keys}`;
    const width = isWhole ? "account" : isReading ? "read" : "project";
    return alive(width, `user ${user} at ${place}: ${told}${replica}`, { account: user });
  }
  // Before Redis 6 there are no users: the password is the server's.
  if (/unknown command/i.test(text)) return alive("account", `the whole of ${place}${replica}`);
  if (/NOPERM/.test(text))
    return alive("unknown", `user ${user} at ${place}: it may not ask what it may do${replica}`, {
      account: user,
    });
  if (/Name or service not known|nodename nor servname|Temporary failure/.test(text))
    return failed("its address was not found");
  if (/Connection refused/.test(text)) return failed("nobody answers at its address");
  return failed(signal.aborted ? "no answer in time" : "it did not answer as Redis does");
}

const reading = /^\+(?:@read|@connection|ping|info|role|acl\|(?:whoami|getuser)|select)$/;
