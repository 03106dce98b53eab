import { execFile, spawn } from "node:child_process";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** A PostgreSQL server of the test's own: trust authentication, superuser `postgres`, gone with `stop`. */
export interface Cluster {
  readonly host: "127.0.0.1";
  readonly port: number;
  /** Folder of the unix socket. */
  readonly socket: string;
  /** Folder with psql and the other clients of the same version. */
  readonly bin: string;
  /** PGHOST, PGPORT, PGUSER, PGDATABASE for clients. */
  readonly env: Readonly<Record<string, string>>;
  /** Rows, one a line, unaligned. Throws with the server's words when a statement fails. */
  query(sql: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a cluster in a temporary folder; `reason` where no server can be had on this machine. `more`: `name=value`. */
export async function startCluster(
  ...more: readonly string[]
): Promise<Cluster | { readonly reason: string }> {
  const bin = await findBin();
  if (bin === undefined) return { reason: "no initdb and postgres on PATH or in /usr/lib/postgresql/*/bin" };
  const account = await findAccount();
  if ("reason" in account) return account;

  const folder = await mkdtemp(join(tmpdir(), "hp-pg-"));
  if (account.uid !== undefined) await chown(folder, account.uid, account.gid);
  const data = join(folder, "data");
  const environment = { PATH: process.env["PATH"] ?? "", HOME: folder, LC_ALL: "C.UTF-8", TZ: "UTC" };
  const asAccount = {
    cwd: folder,
    env: environment,
    ...(account.uid === undefined ? {} : { uid: account.uid, gid: account.gid }),
  };
  await run(join(bin, "initdb"), [...initialize, "-D", data], { ...asAccount, timeout: 60_000 });

  const port = await findFreePort();
  const settings = ["fsync=off", "max_connections=20", `unix_socket_directories=${folder}`, ...more];
  const server = spawn(
    join(bin, "postgres"),
    ["-D", data, "-h", "127.0.0.1", "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
    { ...asAccount, stdio: ["ignore", "ignore", "pipe"] },
  );
  let log = "";
  server.stderr.on("data", (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-10_000);
  });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const env = { PGHOST: "127.0.0.1", PGPORT: String(port), PGUSER: "postgres", PGDATABASE: "postgres" };
  const query = async (sql: string): Promise<string> => {
    const words = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql];
    const { stdout } = await run(join(bin, "psql"), words, {
      env: { ...environment, ...env },
      timeout: 20_000,
    });
    return stdout.trimEnd();
  };
  const kill = (): void => {
    server.kill("SIGINT");
  };
  process.once("exit", kill);
  const stop = async (): Promise<void> => {
    process.off("exit", kill);
    // SIGINT is postgres' "fast" shutdown: open sessions are ended, the server does not wait for them.
    if (server.exitCode === null && server.signalCode === null) server.kill("SIGINT");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 150 && server.exitCode === null; tries += 1) {
    if (
      await query("select 1").then(
        () => true,
        () => false,
      )
    ) {
      return { host: "127.0.0.1", port, socket: folder, bin, env, query, stop };
    }
    await sleep(100);
  }
  await stop();
  return { reason: `postgres did not start: ${log.trim()}` };
}

const run = promisify(execFile);
const initialize = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"];

async function findBin(): Promise<string | undefined> {
  const debian = "/usr/lib/postgresql";
  const versions = (await list(debian)).sort((one, other) => Number(other) - Number(one));
  // Debian's folders first: its /usr/bin/psql is a wrapper that wants a registered cluster.
  const folders = [
    ...versions.map((version) => join(debian, version, "bin")),
    ...(process.env["PATH"] ?? "").split(delimiter),
  ];
  for (const folder of folders) {
    const names = await list(folder);
    if (["initdb", "postgres", "psql"].every((name) => names.includes(name))) return folder;
  }
  return undefined;
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

type Account = { readonly uid: number | undefined; readonly gid: number };

/** Postgres refuses to run as root; then it gets the account of that name, or nobody's. */
async function findAccount(): Promise<Account | { readonly reason: string }> {
  if (process.getuid?.() !== 0) return { uid: undefined, gid: 0 };
  for (const name of ["postgres", "nobody"]) {
    try {
      const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {
      // No such account: the next one.
    }
  }
  return { reason: "running as root, and there is no account postgres or nobody to run the server as" };
}

async function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === "object") resolve(address.port);
        else reject(new Error("no free port on 127.0.0.1"));
      });
    });
  });
}
