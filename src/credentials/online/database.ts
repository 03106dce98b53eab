import type { OnlineReach } from "../../model/credential-audit.js";
import { type Connection, connectionOf } from "./connection.js";
import { mysql } from "./mysql.js";
import { postgres } from "./postgres.js";
import { unasked } from "./reach.js";
import { redis } from "./redis.js";
import type { Context, Inquiry } from "./service.js";

/** A real connection, by the database's own client, that only reads what its role may do. */
export const database: Inquiry = async (one, context) => {
  const connection = connectionOf(one);
  if (connection === undefined)
    return unasked("not a connection URL that can be read, or one of several hosts");
  const ask = clients[connection.scheme];
  return ask === undefined ? unasked(`no way to ask ${connection.scheme}`) : ask(connection, context);
};

const clients: Readonly<Record<string, (connection: Connection, context: Context) => Promise<OnlineReach>>> =
  {
    postgres,
    postgresql: postgres,
    mysql,
    mysql2: mysql,
    mariadb: mysql,
    redis,
    rediss: redis,
    valkey: redis,
  };
