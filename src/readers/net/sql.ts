import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { showHost } from "../postgres/psql-connection.js";
import { addOpaque, type Run, runSql } from "../postgres/psql-run.js";
import type { Reader } from "../reader.js";
import { openSqlSession, sessionEffects } from "../sql/session.js";

/**
 * A statement on its way to a PostgreSQL server, by whatever client: argv is the server's host, its port, the database, the user, and why the
 * text is not known whole ("" where it is); stdin is the text. Its effects are those of `psql -c`.
 */
export const netSql: Reader = {
  names: ["net/sql"],
  read(call, world) {
    const [, host = "", port = "", database = "", user = "", unread = ""] = call.argv.map((word) =>
      isKnown(word) ? word : "",
    );
    const run = openRun(call, world, { host, port, database, user });
    const text = call.stdin.kind === "text" ? call.stdin.text : "";
    if (text.trim() !== "") runSql(text, "text", run);
    if (unread !== "")
      addOpaque(run, text.trim() === "" ? `${run.server.host}/${database}` : text.trim(), unread);
    return { effects: sessionEffects(run.session), inner: run.session.inner, wantsStdin: false };
  },
};

function openRun(
  call: Call,
  world: World,
  { host, port, database, user }: Readonly<Record<"host" | "port" | "database" | "user", string>>,
): Run {
  return {
    ...{ call, world, cwd: call.cwd, env: call.env, session: openSqlSession(world.fingerprint) },
    ...{ variables: new Map(), perLine: false, anyVariable: false, branches: 0, wantsStdin: false },
    ...{ sent: "", history: [] },
    target: { host, port, dbname: database, user, cluster: undefined },
    server: { tool: "net/sql", engine: "postgres", host: showHost(host, port), database, credentials: [] },
  };
}
