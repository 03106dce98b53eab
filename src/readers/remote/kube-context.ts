import { type Arg, isKnown, showArg } from "../../model/arg.js";
import { decodeBytes } from "../../model/bytes.js";
import type { Call } from "../../model/call.js";
import type { Effect } from "../../model/effect.js";
import { envGet } from "../../model/env.js";
import type { ToolTree } from "../../model/knowledge.js";
import type { World } from "../../model/world.js";
import type { Reader, Reading } from "../reader.js";
import { readTree } from "../tree/tree.js";
import { optionOf, type Walk, walkTree } from "../tree/walk.js";

/** `helm`: its tree, in the cluster that its context names. */
export function helmReader(tree: ToolTree): Reader {
  return {
    names: tree.names,
    read(call, world) {
      const [walk] = walkTree(tree, call.argv.slice(1));
      const reading = readTree(tree, call, world);
      return walk === undefined ? reading : inCluster(reading, walk, call, world);
    },
  };
}

/** The effects, with the cluster that they are for: the context that is named, else the one in use; of this machine it is `local`. */
export function inCluster(reading: Reading, walk: Walk, call: Call, world: World): Reading {
  const environment = environmentOf(walk, call, world);
  const effects = reading.effects.map(
    (effect): Effect => (effect.resource === "kubernetes" ? { ...effect, environment } : effect),
  );
  return { ...reading, effects };
}

function environmentOf(walk: Walk, call: Call, world: World): string {
  const context = optionOf(walk, "--context", "--kube-context") ?? currentContext(walk, call, world);
  if (context === undefined || !isKnown(context) || context === "") return "unknown";
  return localContext.test(context) ? "local" : context;
}

const localContext =
  /^(minikube|docker-desktop|docker-for-desktop|rancher-desktop|orbstack|microk8s|colima)$|^(kind|k3d)-/;

function currentContext(walk: Walk, call: Call, world: World): Arg | undefined {
  const server = optionOf(walk, "-s", "--server", "--cluster", "--kube-apiserver");
  if (server !== undefined) return undefined;
  const home = envGet(call.env, "HOME");
  const folder = home !== undefined && isKnown(home) ? home : world.user.home;
  const file = optionOf(walk, "--kubeconfig") ?? envGet(call.env, "KUBECONFIG") ?? `${folder}/.kube/config`;
  const [first = ""] = showArg(file).split(":");
  if (!first.startsWith("/")) return undefined;
  const content = world.readFile(first, 1 << 20);
  if (!content.ok) return undefined;
  return /^current-context:[ \t]*["']?([^"'\s]+)/m.exec(decodeBytes(content.bytes))?.[1];
}
