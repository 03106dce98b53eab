import { isLoopback, serverOf } from "../scope/server.js";
import { type Facts, facts, word } from "./facts.js";
import type { Sighting } from "./sighting.js";

/** By the file that a tool keeps it in, and by the host that the file says it is for. */
export function readFileKind(one: Sighting): Facts | undefined {
  const { file = "", kind, target, around } = one;
  if (/\/\.railway\/config[^/]*\.json$/.test(file))
    return facts("account", "every project of the Railway account that is logged in here");
  if (/\/\.(?:claude|codex|gemini)\/[^/]+$/.test(file))
    return facts("account", "an agent's own account, at its cost");
  if (/"type"\s*:\s*"authorized_user"/.test(around()))
    return facts("account", "Google Cloud in the name of the person who is logged in here");
  switch (kind) {
    case "kubernetes":
      return /^\s*clusters\s*:|"clusters"/m.test(around()) ? readKubeconfig(around()) : undefined;
    case "npm":
      return ofHost(target, "packages");
    case "docker-registry":
      return ofHost(target, "images");
    case "netrc":
    case "basic-auth":
    case "amqp":
      return ofHost(target, "what this login may");
    default:
      return undefined;
  }
}

/** `target`: a host, or a URL. Its user is left out: some services take the token there. */
function ofHost(target: string | undefined, what: string): Facts | undefined {
  const [, host] =
    /^(?:[a-z][\w+.-]*:\/\/)?(?:[^@/\s]*@)?([A-Za-z0-9][\w.-]*(?::\d+)?)/i.exec(target ?? "") ?? [];
  if (host === undefined) return undefined;
  const server = serverOf(host);
  return isLoopback(server.host)
    ? facts("nothing", `${what} on this machine (${host})`, [server])
    : facts("account", `${what} at ${host}`, [server]);
}

function readKubeconfig(text: string): Facts {
  const hosts = [
    ...new Set(
      [...text.matchAll(/\bserver["']?\s*:\s*["']?https?:\/\/([A-Za-z0-9[][\w.:\]-]*)/g)].flatMap(
        ([, host]) => host ?? [],
      ),
    ),
  ];
  const [, context] = /\bcurrent-context["']?\s*:\s*["']?([\w.@:/-]+)/.exec(text) ?? [];
  const servers = hosts.map((host) => serverOf(host));
  const things = [...servers, ...(context === undefined ? [] : [word(context, "kube-context", "id")])];
  if (servers.length > 0 && servers.every(({ host }) => isLoopback(host)))
    return facts("nothing", "a Kubernetes cluster on this machine", things);
  const where = hosts.length === 0 ? "" : ` at ${hosts.slice(0, 3).join(", ")}`;
  return facts("workspace", `a Kubernetes cluster${where}, as far as its role goes`, things);
}
