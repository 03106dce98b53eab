import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Forward } from "../model/wire.js";
import { loginOf } from "./client.js";
import type { Inside } from "./proxy.js";

/**
 * What a sandbox's loopback leads to: the proxy under its own port, and the ports of this machine's loopback that are open to it, by
 * the proxy, which judges what passes. What it wants to hear first lies in files below `folder`.
 */
export function writeForwards(
  folder: string,
  proxyPort: number,
  secret: string,
  { socket, loopback }: Inside,
): readonly Forward[] {
  const ports = [...loopback].filter((port) => port !== proxyPort);
  return [
    { port: proxyPort, socket, preface: undefined },
    ...ports.map((port) => {
      const preface = join(folder, `forward-${port}`);
      writeFileSync(preface, prefaceOf(`localhost:${port}`, secret), { mode: 0o600 });
      return { port, socket, preface };
    }),
  ];
}

/** As `shims/reach.c` and `shims/rc/net.cjs` begin: the proxy answers nothing, and what follows is for the host itself. */
function prefaceOf(target: string, secret: string): string {
  const lines = [
    `CONNECT ${target} HTTP/1.1`,
    `Host: ${target}`,
    `Proxy-Authorization: Basic ${loginOf(secret)}`,
    "X-Holdpoint: silent",
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}
