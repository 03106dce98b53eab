import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isNamed } from "../model/net-setting.js";
import type { Network, WireGate } from "../model/wire.js";
import { openAuthority } from "./authority.js";
import { proxyUrl } from "./client.js";
import { writeForwards } from "./forwards.js";
import { openProxy } from "./proxy.js";
import { bentPorts, confined, placeReach, reachSetting } from "./reach.js";
import { bundleNames, certificatesIn, trustContext, trustedRoots } from "./trust.js";

export interface NetworkOptions {
  /** The session's start-up files. */
  readonly rc: string;
  /** The session's own; certificates are put there. */
  readonly folder: string;
  /** What was compiled for this system. */
  readonly build: string;
  /** `host[:port][/database]`, as the scope manifests name those of PostgreSQL. */
  readonly databases: readonly string[];
  /** As the session's command would have it without a network layer. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Hosts whose TLS is passed on unread. */
  readonly untouched: readonly string[];
  /** For a session in a sandbox that has nothing but a loopback of its own: ports of this machine's that are open to it. */
  readonly sandbox?: { readonly loopback: readonly number[] };
}

/** Makes the session's authority, and what opens the network layer behind a gate. */
export async function networkOpener({
  folder,
  rc,
  env,
  build,
  databases,
  untouched,
  sandbox,
}: NetworkOptions): Promise<(gate: WireGate) => Promise<Network>> {
  const authority = await openAuthority();
  const roots = trustedRoots(env);
  const certificates = join(folder, "net");
  mkdirSync(certificates, { mode: 0o700 });
  const bundle = join(certificates, "bundle.pem");
  writeFileSync(bundle, `${[...roots, authority.certificate].join("\n")}\n`);
  const wgetrc = join(certificates, "wgetrc");
  writeFileSync(wgetrc, wgetSettings(env, bundle));
  const ownRoots = postgresRoots(env);
  const postgresBundle = join(certificates, "postgres.pem");
  if (ownRoots.length > 0)
    writeFileSync(postgresBundle, `${[...ownRoots, authority.certificate].join("\n")}\n`);
  const reach = placeReach(build, certificates);
  const hook = join(rc, "net.cjs");
  const secret = randomBytes(12).toString("hex");
  return async (gate) => {
    const trust = trustContext(roots);
    const trustPostgres = ownRoots.length === 0 ? trust : trustContext([...roots, ...ownRoots]);
    const isUntouched = (host: string) => isNamed(untouched, host);
    const named = bentPorts(databases);
    const inside =
      sandbox === undefined
        ? undefined
        : { socket: join(certificates, "proxy"), loopback: new Set([...sandbox.loopback, ...named.near]) };
    const proxy = await openProxy({ gate, authority, trust, trustPostgres, secret, isUntouched, inside });
    // A sandbox's loopback is its own but for the ports that lead out. A program that something was released for is known there
    // by a first line of its own, not by the forwarder's.
    const ports = { far: named.far, near: inside?.loopback ?? named.near };
    const reachOf = (token: string | undefined) =>
      reachSetting(proxy.port, secret, ports, inside !== undefined, token);
    return {
      forwards: inside === undefined ? [] : writeForwards(certificates, proxy.port, secret, inside),
      confine: (token) => (reach === undefined ? {} : { HOLDPOINT_REACH: confined(reachOf(token)) }),
      environment: (token) => {
        const url = proxyUrl(proxy.port, secret, token);
        const proxies = {
          ...Object.fromEntries(proxyNames.map((name) => [name, url])),
          ...(reach === undefined ? {} : { HOLDPOINT_REACH: reachOf(token) }),
        };
        if (token !== undefined) return proxies;
        return {
          ...proxies,
          ...Object.fromEntries(bundleNames.map((name) => [name, bundle])),
          ...(reach === undefined
            ? {}
            : { LD_PRELOAD: [reach, env["LD_PRELOAD"]].filter(Boolean).join(":") }),
          ...(ownRoots.length === 0 ? {} : { PGSSLROOTCERT: postgresBundle }),
          // The certificate that a client sees is ours. Who wants the login bound to the server's is to be told that it is not.
          ...(env["PGCHANNELBINDING"] === "require" ? {} : { PGCHANNELBINDING: "disable" }),
          WGETRC: wgetrc,
          // Whom the user leaves out would be left unseen. A sandbox's loopback is its own.
          ...Object.fromEntries(
            noProxyNames.map((name) => [name, inside === undefined ? "" : "localhost,127.0.0.1,::1"]),
          ),
          NODE_OPTIONS: [`--require=${JSON.stringify(hook)}`, env["NODE_OPTIONS"] ?? ""].join(" ").trim(),
        };
      },
      close: () => proxy.close(),
    };
  };
}

/** The roots that a user has for PostgreSQL: without any, libpq looks at a server's certificate only where it is told to. */
function postgresRoots(env: NetworkOptions["env"]): readonly string[] {
  return certificatesIn(env["PGSSLROOTCERT"] || join(env["HOME"] ?? "/", ".postgresql", "root.crt"));
}

/** wget of GnuTLS knows no variable for certificates, but one for its own settings, which takes the place of `~/.wgetrc`. */
function wgetSettings(env: NetworkOptions["env"], bundle: string): string {
  const own = env["WGETRC"] ?? join(env["HOME"] ?? "/", ".wgetrc");
  const settings = existsSync(own) ? readFileSync(own, "utf8") : "";
  return `${settings}\nca_certificate = ${bundle}\n`;
}

const proxyNames = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const noProxyNames = ["NO_PROXY", "no_proxy"];
