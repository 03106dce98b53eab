/** The server and the database of a connection URL; never its user, its password, its options. */
export interface DatabaseUrl {
  readonly host: string;
  /** `host:port/database`, as a label has it. */
  readonly label: string;
}

/**
 * Undefined for what is none, and for one that is not written as the standard has it: in `postgres://me:12?34@db/app` a lenient reader would
 * take half of the password for a port.
 */
export function readDatabaseUrl(value: string): DatabaseUrl | undefined {
  const { host, port, name } = pattern.exec(value.trim())?.groups ?? {};
  if (host === undefined || !isName(host)) return undefined;
  return {
    host,
    label: `${host}${port === undefined ? "" : `:${port}`}${name === undefined ? "" : `/${name}`}`,
  };
}

export function isDatabaseUrl(value: string): boolean {
  return schemes.test(value.trim());
}

const schemes =
  /^(?:jdbc:)?(?:postgres(?:ql)?|mysql2?|mariadb|rediss?|valkey|mongodb(?:\+srv)?|cockroachdb|sqlserver)(?:\+\w+)?:\/\//i;
const pattern =
  /^(?:jdbc:)?(?:postgres(?:ql)?|mysql2?|mariadb|rediss?|valkey|mongodb(?:\+srv)?|cockroachdb|sqlserver)(?:\+\w+)?:\/\/(?:[^\s:@/?#]*(?::[^\s@/?#]*)?@)?(?<host>[A-Za-z0-9_][A-Za-z0-9_.-]*)(?::(?<port>[1-9]\d{0,4}))?(?:\/(?<name>[A-Za-z0-9_][A-Za-z0-9_.-]*)?)?(?:\?[^@#\s]*)?$/i;

function isName(host: string): boolean {
  return /[A-Za-z0-9_]$/.test(host);
}

export function isLocalHost(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|0\.0\.0\.0|host\.docker\.internal)$/i.test(host);
}
