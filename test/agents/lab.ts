import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { dirname, join } from "node:path";
import { type StandIn, startStandIn } from "../../src/demo/stand-in.js";
import { volume } from "../../src/demo/workspace.js";
import { cli, execute, makePlace, type Outcome, type Place } from "../scripts/session.js";
import type { Agent } from "./agent.js";
import { type Model, startModel } from "./model.js";

/** A place with the demo's workspace, its stand-in for Railway, a model with a script, and an agent set up to use it. */
export interface Lab {
  readonly place: Place;
  readonly server: StandIn;
  readonly model: Model;
  /** Whether the folder outside the workspace is there still, which nothing could bring back. */
  readonly hasArchive: () => boolean;
  /** The log's text as it was when each request reached the server. */
  readonly logAtArrival: readonly string[];
  /** The agent's environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Verdicts of the records that hold this text in their line or arguments, oldest first. */
  verdicts(text: string): readonly unknown[];
  verifyLog(): Promise<Outcome>;
  /** What is left of the sessions: their directories, and processes that carry their ids. */
  leftovers(): readonly string[];
  close(): Promise<void>;
}

/** Commands of the incident, and one of files. Plain words alone: Gemini lets no substitution through to the shell. */
export interface Steps {
  readonly query: string;
  readonly mutation: string;
  readonly removal: string;
  /** A mutation that a person lets through. */
  readonly another: string;
  /** Says whether the sandbox lets a program connect to a unix socket. */
  readonly probe: string;
}

const host = "backboard.railway.app";
export const says = "Fix the login of staging.";

/** `isFar`: no network but the session's own leads to the stand-in; a proxy of the user's does, as in a company. */
export async function openLab(
  agent: Agent,
  script: (steps: Steps) => readonly string[],
  { isFar = false } = {},
): Promise<Lab> {
  const place = await makePlace();
  const logAtArrival: string[] = [];
  const readLog = (): string =>
    place
      .logs()
      .map((path) => readFileSync(path, "utf8"))
      .join("");
  const server = await startStandIn(() => logAtArrival.push(readLog()));
  const certificate = join(place.base, "railway.pem");
  writeFileSync(certificate, server.certificate);
  // The URL stays the real one; curl's own start-up file makes it reach the stand-in.
  const near = `connect-to = "${host}:443:127.0.0.1:${server.port}"\ncacert = "${certificate}"\n`;
  writeFileSync(join(place.home, ".curlrc"), `${isFar ? "" : near}silent\nshow-error\n`);
  const way = isFar ? await openWay(server.port) : undefined;
  const archive = join(place.outside, "archive");
  mkdirSync(archive);
  writeFileSync(join(archive, "ledger.csv"), "1,2,3\n");
  const model = await startModel(
    agent.dialect,
    script({
      query: call("query { project(id: 1) { name environments } }"),
      mutation: call(`mutation { volumeDelete(volumeId: \\"${volume}\\") }`),
      removal: `${agent.removes} ${archive}`,
      another: call(`mutation { customDomainDelete(id: \\"old-shop\\") }`),
      probe:
        'python3 -c \'import socket; print("errno", socket.socket(socket.AF_UNIX).connect_ex("/no/socket"))\'',
    }),
  );
  const { files, env } = agent.configure({ workspace: place.workspace, url: model.url });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place.home, path)), { recursive: true });
    writeFileSync(join(place.home, path), text);
  }
  return {
    place,
    server,
    model,
    hasArchive: () => existsSync(join(archive, "ledger.csv")),
    logAtArrival,
    env: {
      ...place.env,
      ...env,
      ...(way === undefined ? {} : { https_proxy: way.url, SSL_CERT_FILE: certificate }),
    },
    verdicts: (text) =>
      place.records().flatMap(({ line, argv, verdict }) => {
        const said = Array.isArray(argv) ? argv.join(" ") : String(line ?? "");
        return said.includes(text) ? [verdict] : [];
      }),
    verifyLog: () =>
      execute(process.execPath, [cli, "log", "verify"], { cwd: place.workspace, env: place.env }),
    leftovers: () => sessions(place).flatMap((id) => [...directories(id), ...processes(id)]),
    async close() {
      await model.close();
      await way?.close();
      await server.close();
      place.remove();
    },
  };
}

/** A proxy that leads to one port, whatever it is asked for. */
async function openWay(port: number): Promise<{ readonly url: string; close(): Promise<void> }> {
  const proxy = createServer().on("connect", (_request, socket) => {
    const to = connect(port, "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
    to.on("error", () => socket.destroy()).pipe(socket);
    socket.on("error", () => to.destroy()).pipe(to);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => new Promise((resolve) => proxy.close(() => resolve())),
  };
}

function call(graphql: string): string {
  const token = "b7a1c0de-83f4-4d29-9e51-6c07d2a8f43b";
  return `curl https://${host}/graphql/v2 -H "Authorization: Bearer ${token}" -H 'Content-Type: application/json' -d '{"query":"${graphql}"}'`;
}

function sessions(place: Place): readonly string[] {
  return place
    .records()
    .flatMap(({ event, session }) =>
      event === "session.start" && typeof session === "string" ? [session] : [],
    );
}

function directories(id: string): readonly string[] {
  const path = `/tmp/holdpoint-${id}`;
  return existsSync(path) ? [path] : [];
}

/** Linux only: elsewhere nothing is found. */
function processes(id: string): readonly string[] {
  if (!existsSync("/proc/self/environ")) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const variables = readOrNothing(`/proc/${pid}/environ`).split("\0");
      const command = readOrNothing(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
      return variables.includes(`HOLDPOINT_SESSION=${id}`) ? [`${pid} ${command}`] : [];
    });
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
