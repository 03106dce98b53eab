import { type Arg, isKnown } from "../../model/arg.js";
import { decodeBytes } from "../../model/bytes.js";
import type { Call } from "../../model/call.js";
import type { Credential, Effect } from "../../model/effect.js";
import { envFrom, envGet } from "../../model/env.js";
import type { ToolTree } from "../../model/knowledge.js";
import type { World } from "../../model/world.js";
import { toolCredentials } from "../credentials/tool.js";
import { resolvePath } from "../path.js";
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
      return walk === undefined ? reading : inCluster(reading, tree, walk, call, world);
    },
  };
}

/** The effects, with the cluster that they are for: the context that is named, else the one in use; of this machine it is `local`. */
export function inCluster(reading: Reading, tree: ToolTree, walk: Walk, call: Call, world: World): Reading {
  const context = contextOf(walk, call, world);
  const isLocal = context !== undefined && localContext.test(context);
  const place = {
    environment: isLocal ? "local" : (context ?? "unknown"),
    ...(context === undefined ? {} : { context }),
  };
  const isAsking = reading.effects.some(({ resource }) => resource === "kubernetes");
  const credentials = isAsking ? signedBy(tree, walk, context, call, world) : [];
  const effects = reading.effects.map(
    (effect): Effect => (effect.resource === "kubernetes" ? { ...effect, ...place, credentials } : effect),
  );
  // A pod is as far away as its cluster; where none is known, far all the same.
  const inner = reading.inner.map((one) =>
    one.kind !== "line" || one.host === undefined || isLocal
      ? one
      : { ...one, host: { ...one.host, context: context ?? "unknown" } },
  );
  return { ...reading, effects, inner };
}

/** The context's user; a file that `--kubeconfig` names goes before the variable. */
function signedBy(
  tree: ToolTree,
  walk: Walk,
  context: string | undefined,
  call: Call,
  world: World,
): readonly Credential[] {
  const file = optionOf(walk, "--kubeconfig");
  const env = file === undefined ? call.env : envFrom([["KUBECONFIG", file]], call.env);
  return toolCredentials({ ...call, env }, world, tree.credentials, walk, context);
}

function contextOf(walk: Walk, call: Call, world: World): string | undefined {
  const context = optionOf(walk, "--context", "--kube-context") ?? currentContext(walk, call, world);
  return context === undefined || !isKnown(context) || context === "" ? undefined : context;
}

const localContext =
  /^(minikube|docker-desktop|docker-for-desktop|rancher-desktop|orbstack|microk8s|colima)$|^(kind|k3d)-/;

function currentContext(walk: Walk, call: Call, world: World): Arg | undefined {
  const server = optionOf(walk, "-s", "--server", "--cluster", "--kube-apiserver");
  if (server !== undefined) return undefined;
  const home = envGet(call.env, "HOME");
  const folder = home !== undefined && isKnown(home) ? home : world.user.home;
  const file = optionOf(walk, "--kubeconfig") ?? envGet(call.env, "KUBECONFIG") ?? `${folder}/.kube/config`;
  if (!isKnown(file)) return undefined;
  // The first file that names one counts: https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig
  for (const one of file.split(":")) {
    const path = one === "" ? undefined : resolvePath(call, world, one);
    const content = path !== undefined && isKnown(path) ? world.readFile(path, 1 << 20) : undefined;
    if (content?.ok !== true) continue;
    const [, found] = /^current-context:[ \t]*["']?([^"'\s]+)/m.exec(decodeBytes(content.bytes)) ?? [];
    if (found !== undefined) return found;
  }
  return undefined;
}
