// Preloaded into every Node of a session with --net (NODE_OPTIONS): Node has gone by the environment's proxy by itself only
// since 24, and libraries bring agents of their own. Whatever connects, connects to the session's proxy, which is told where to
// in a first line that it does not answer, so that nobody here has to wait for it.
"use strict";
const { URL } = require("node:url");
const net = require("node:net");
const tls = require("node:tls");
const http = require("node:http");

// In a sandbox names are given addresses by shims/reach.c, which alone knows what they stand for.
const isInside = / inside\b/.test(process.env.HOLDPOINT_REACH ?? "");

const proxy = readProxy(process.env.HTTPS_PROXY);
if (proxy !== undefined) install(proxy);

function readProxy(text) {
  try {
    const url = new URL(text);
    return url.hostname === "127.0.0.1" && url.username !== "" ? url : undefined;
  } catch {
    return undefined;
  }
}

function install({ port, username, password }) {
  const login = Buffer.from(`${username}:${decodeURIComponent(password)}`).toString("base64");
  const plainConnect = net.Socket.prototype.connect;
  const plainTls = tls.connect;

  net.Socket.prototype.connect = function connect(...args) {
    const normalized = Array.isArray(args[0]) ? args[0] : net._normalizeArgs(args);
    const [options] = normalized;
    // A socket that TLS runs on by itself cannot be given a first line of ours: `tls.connect` below never makes one.
    if (!leadsOut(options) || this instanceof tls.TLSSocket) return plainConnect.call(this, normalized);
    const bent = [
      { ...options, host: "127.0.0.1", port: Number(port), path: undefined, lookup: undefined },
      normalized[1],
    ];
    for (const symbol of Object.getOwnPropertySymbols(normalized)) bent[symbol] = normalized[symbol];
    const socket = plainConnect.call(this, bent);
    const { host = "localhost" } = options;
    const target = `${host.includes(":") ? `[${host}]` : host}:${options.port}`;
    socket.write(
      `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\nProxy-Authorization: Basic ${login}\r\nX-Holdpoint: silent\r\n\r\n`,
    );
    return socket;
  };

  tls.connect = function connect(...args) {
    const [options, listener] = net._normalizeArgs(args);
    const merged =
      typeof args[1] === "object" || typeof args[2] === "object"
        ? { ...options, ...(args[1] ?? {}), ...(args[2] ?? {}) }
        : options;
    if (merged.socket !== undefined || !leadsOut(merged)) return plainTls.apply(this, args);
    const socket = new net.Socket();
    socket.connect({ ...merged, servername: undefined });
    const named = net.isIP(merged.host ?? "") === 0 ? { servername: merged.host } : {};
    const secured = plainTls.call(this, { ...named, ...merged, socket }, listener ?? undefined);
    socket.on("error", (cause) => secured.destroy(cause));
    return secured;
  };

  http.Agent.prototype.createConnection = net.createConnection;

  function leadsOut(options) {
    if (options.path !== undefined && options.path !== null && options.port === undefined) return false;
    const host = options.host ?? "localhost";
    return !isLoopback(host) && !(isInside && isMadeUp(host));
  }
}

function isMadeUp(host) {
  return /^(::ffff:)?198\.1[89]\./i.test(host);
}

function isLoopback(host) {
  return /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|::1|0\.0\.0\.0|::)$/i.test(host);
}
