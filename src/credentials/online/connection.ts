import type { Found } from "../scan.js";

/** What a connection URL says. */
export interface Connection {
  readonly scheme: string;
  /** Undefined where only a parameter names it. */
  readonly host: string | undefined;
  readonly port: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly name: string | undefined;
  readonly parameters: URLSearchParams;
}

/** Of a password that was found: by the URL that it stands in, or by what the file says that it is for. */
export function connectionOf({ value, forms = [], target }: Found): Connection | undefined {
  const url = [value, ...forms].find((text) => text.includes("://"));
  if (url !== undefined) return readConnection(url);
  const connection = target === undefined ? undefined : readConnection(target);
  return connection === undefined ? undefined : { ...connection, password: value };
}

/** Tolerant where applications are: a password may hold `:`, `/` or `#`; `jdbc:` and a driver's name after `+` are left away. */
export function readConnection(url: string): Connection | undefined {
  const groups = pattern.exec(url.trim())?.groups;
  if (groups === undefined) return undefined;
  const parameters = new URLSearchParams(groups["query"] ?? "");
  const part = (name: string) => {
    const text = groups[name];
    return text === undefined || text === "" ? undefined : decoded(text);
  };
  const connection = {
    scheme: (groups["scheme"] ?? "").toLowerCase(),
    host: (part("host") ?? parameters.get("host") ?? undefined)?.replace(/^\[(.*)\]$/, "$1"),
    port: part("port") ?? parameters.get("port") ?? undefined,
    user: part("user") ?? parameters.get("user") ?? undefined,
    password: part("password") ?? parameters.get("password") ?? undefined,
    name: part("name"),
    parameters,
  };
  // A NUL ends a variable; a leading dash is an option to a client.
  const isPlain = [connection.host, connection.user, connection.name].every(
    (text) => !/^-|[\0\r\n]/.test(text ?? ""),
  );
  return isPlain && !/[\0\r\n]/.test(connection.password ?? "") ? connection : undefined;
}

const pattern =
  /^(?:jdbc:)?(?<scheme>[a-z][a-z0-9]*)(?:\+\w+)?:\/\/(?:(?<user>[^\s:@/]*)(?::(?<password>[^\s]*))?@)?(?<host>\[[0-9a-f:.]+\]|[^\s:/?#@,[\]]*)(?::(?<port>\d{1,5}))?(?:\/(?<name>[^\s?#/]*))?(?:\?(?<query>[^\s#]*))?$/i;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `db.example.com:5433/shop` */
export function labelOf({ host, port, name }: Connection): string {
  return `${host ?? "this machine"}${port === undefined ? "" : `:${port}`}${name === undefined ? "" : `/${name}`}`;
}
