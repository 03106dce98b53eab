/** An HTTP request that reached the network layer and has not left yet. */
export interface WireRequest {
  readonly method: string;
  /** Absolute: the scheme and the host are those of the connection, whatever the `Host` header says. */
  readonly url: string;
  /** As they were sent, in their order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Without its content codings (gzip, br …). */
  readonly body: Uint8Array;
  /** Why `body` is not all of it; undefined: it is. */
  readonly unread: string | undefined;
}

/** A connection that cannot be read: what flows through it stays unknown. */
export interface WireTunnel {
  readonly host: string;
  readonly port: number;
  /** Lower case, no full stop: `its certificate is signed by nobody that this machine trusts`. */
  readonly reason: string;
}

/** A statement on its way to a PostgreSQL server. */
export interface WireSql {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly text: string;
  /** Why `text` is not all that would run; undefined: it is. */
  readonly unread: string | undefined;
}

/** The `statement` of a psql whose statements come one by one over the wire. */
export const typedStatements = "CONNECT";

/** Who is at the other end of a connection to the network layer. */
export interface WireClient {
  /** What a released program's environment carries, to be known by (HOLDPOINT_LINE). */
  readonly token: string | undefined;
  /** Looks who it is, which takes some milliseconds. */
  owner(): WireOwner | undefined;
  /** Fires when it is gone. */
  readonly gone: AbortSignal;
}

/** The process that a connection belongs to, by its socket's inode. */
export interface WireOwner {
  readonly pid: number;
  readonly parentPid: number;
  /** As the kernel has it. */
  readonly program: string;
  readonly cwd: string | undefined;
}

/** `message`: what the client is told, in the form of its protocol. */
export type WireAnswer = { readonly allowed: true } | { readonly allowed: false; readonly message: string };

/** A port of loopback inside a sandbox: each connection to it is one to a unix socket outside. */
export interface Forward {
  readonly port: number;
  readonly socket: string;
  /** A file whose bytes go first on each connection. */
  readonly preface: string | undefined;
}

/** A session's network layer, as its programs find it. */
export interface Network {
  /** Variables of who starts in the session; `token`: of one program that something was released for. */
  environment(token?: string): Readonly<Record<string, string>>;
  /** The same of one whose servers are all to be reached by the network layer, whatever it connects to. */
  confine(token?: string): Readonly<Record<string, string>>;
  /** What a sandbox without a network of its own is to be given; empty outside of one. */
  readonly forwards: readonly Forward[];
  close(): Promise<void>;
}

/** Whether something may leave. Never throws: what fails is refused. */
export interface WireGate {
  request(request: WireRequest, client: WireClient): Promise<WireAnswer>;
  sql(statement: WireSql, client: WireClient): Promise<WireAnswer>;
  tunnel(tunnel: WireTunnel, client: WireClient): Promise<WireAnswer>;
}
