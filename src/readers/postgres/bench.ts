import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { openInputs } from "../inputs.js";
import { hasOption, type Options, optionValue, optionValues } from "../options.js";
import { type Server, sqlEffect } from "../sql/effects.js";
import { openSqlSession, sessionEffects } from "../sql/session.js";
import { readSql } from "../sql/sql.js";

/** `-i` drops tables of fixed names and fills them anew: rubbish here, and perhaps somebody's elsewhere. `-f` runs SQL. */
export function readBench(options: Options, server: Server, call: Call, world: World): readonly Effect[] {
  const steps = optionValue(options, "init-steps") ?? "dtgvp";
  const drops = hasOption(options, "initialize", "init-steps") && (!isKnown(steps) || steps.includes("d"));
  const isHere = /^(localhost|127\.0\.0\.1|::1)$/.test(server.host);
  const dropped: readonly Effect[] = drops
    ? [
        sqlEffect(server, {
          action: "delete",
          statement: "DROP TABLE",
          target: "pgbench_accounts, …_branches, …_history, …_tellers",
          recovery: isHere ? "recreate" : "none",
          because: "pgbench drops its own tables and fills them anew",
        }),
      ]
    : [];
  const session = openSqlSession(world.fingerprint);
  const scripts = optionValues(options, "file").flatMap((file): readonly Effect[] => {
    const text = openInputs(call, world).readText(withoutWeight(file));
    if (!isKnown(text))
      return call.sight === "later" ? [] : [opaqueEffect("pgbench", text.source, text.reason)];
    // Its backslash commands set variables; \setshell and \shell run programs.
    if (/^\s*\\(set)?shell\b/m.test(text)) return [opaqueEffect("pgbench", showArg(file), "runs a program")];
    const sql = text.replaceAll(/^\s*\\.*$/gm, "").replaceAll(/(?<!:):\w+/g, "1");
    const parsed = world.parseSql(sql);
    if (parsed.kind !== "statements")
      return [opaqueEffect("pgbench", showArg(file), "not understood by PostgreSQL's parser")];
    readSql(parsed.statements, { server, parse: world.parseSql, text: sql, failureEnds: "run" }, session);
    return [];
  });
  return [...dropped, ...scripts, ...sessionEffects(session)];
}

function withoutWeight(file: Arg): Arg {
  return isKnown(file) ? file.replace(/@\d+$/, "") : file;
}
