import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { cli, execute, type Outcome, type Place } from "../scripts/session.js";
import type { Client } from "./clients.js";
import { mutation } from "./clients.js";
import { hosts, type Internet } from "./internet.js";

/** Where the service's names lead to the stand-in, with no proxy between: who needs no environment gets there. */
export interface Outdoors {
  /** Connections that have come to the stand-in. */
  readonly connections: () => number;
  run(
    command: readonly string[],
    options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly limit: number },
  ): Promise<Outcome>;
  close(): void;
}

/** What it needs of the machine, and is not there. */
export function whyNoOutdoors(): string | undefined {
  const tried = spawnSync("unshare", ["-Urnm", "ip", "link", "set", "lo", "up"], { encoding: "utf8" });
  if (tried.error !== undefined) return tried.error.message;
  return tried.status === 0 ? undefined : tried.stderr.trim();
}

export async function openOutdoors(internet: Internet): Promise<Outdoors> {
  const folder = mkdtempSync("/var/tmp/holdpoint-outdoors-");
  let count = 0;
  const open = new Set<Socket>();
  const pass = (port: number) =>
    createServer((client) => {
      count += 1;
      const server = connect(port, "127.0.0.1");
      for (const each of [client, server]) {
        open.add(each);
        each.on("error", () => each.destroy()).once("close", () => open.delete(each));
      }
      client.pipe(server).pipe(client);
    });
  const servers = [
    [pass(internet.ports.secure), "443"],
    [pass(internet.ports.plain), "80"],
  ] as const;
  for (const [server, name] of servers) await listen(server, join(folder, name));
  const script = join(import.meta.dirname, "outdoors.mjs");
  return {
    connections: () => count,
    run: (command, options) =>
      execute("unshare", ["-Urnm", process.execPath, script, folder, hosts.join(","), ...command], options),
    close: () => {
      for (const [server] of servers) server.close();
      for (const socket of open) socket.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((done) => server.listen(path, done));
}

const driver = `
import json, subprocess
out = []
for words in json.load(open("calls.json")):
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=40)
        out.append((done.stdout + done.stderr).decode("utf8", "replace")[:3000])
    except Exception as cause:
        out.append(repr(cause))
json.dump(out, open("results.json", "w"))
`;

/** What each call said, in one session with those flags; without flags, in none. */
export async function sayAll(
  calls: readonly (readonly string[])[],
  given: {
    readonly place: Place;
    readonly internet: Internet;
    readonly outdoors: Outdoors;
    readonly flags: readonly string[] | undefined;
  },
): Promise<readonly string[]> {
  const { place, internet, outdoors, flags } = given;
  const { workspace, env } = place;
  writeFileSync(join(workspace, "driver.py"), driver);
  writeFileSync(join(workspace, "calls.json"), JSON.stringify(calls));
  const results = join(workspace, "results.json");
  writeFileSync(results, "");
  const session = [process.execPath, cli, "run", "-q", ...(flags ?? []), "--mode", "deny", "--"];
  const outcome = await outdoors.run(
    [...(flags === undefined ? [] : session), "/usr/bin/python3", "driver.py"],
    {
      cwd: workspace,
      env: { ...env, SSL_CERT_FILE: internet.certificate },
      limit: 30_000 + 45_000 * calls.length,
    },
  );
  const text = readFileSync(results, "utf8");
  if (text === "") throw new Error(`the session made no results: ${outcome.stderr}`);
  return JSON.parse(text);
}

/** The same command without any environment, whatever it is started with. */
export function wiped(command: readonly string[]): readonly string[] {
  const code = "import os, shutil, sys; os.execve(shutil.which(sys.argv[1]), sys.argv[1:], {})";
  return ["/usr/bin/python3", "-c", code, ...command];
}

/** One that is linked statically; undefined where OpenSSL's static libraries are not. */
export function staticClient(workspace: string): Client | undefined {
  const program = join(workspace, "static-client");
  if (!existsSync(program)) {
    const built = join(mkdtempSync("/var/tmp/holdpoint-static-"), "client");
    const source = join(import.meta.dirname, "static-client.c");
    const { status } = spawnSync("cc", ["-static", "-o", built, source, "-lssl", "-lcrypto"], {
      stdio: "ignore",
    });
    if (status !== 0) return undefined;
    copyFileSync(built, program);
    rmSync(join(built, ".."), { recursive: true });
  }
  const command = ["./static-client", "10.9.9.9", hosts[0] ?? "", "/graphql/v2", mutation];
  return { client: "a static program of its own", form: "HTTPS to an address", command };
}
