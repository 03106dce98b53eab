import { type Arg, isKnown, showArg } from "../model/arg.js";
import { decodeBytes } from "../model/bytes.js";
import type { Call } from "../model/call.js";
import { type Effect, type OtherEffect, plainEffect } from "../model/effect.js";
import { envGet } from "../model/env.js";
import type { ToolTree } from "../model/knowledge.js";
import type { World } from "../model/world.js";
import { readInside } from "./inside.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "./reader.js";
import { wrap } from "./sight.js";
import { readTree } from "./tree.js";
import { optionOf, type Walk, walkTree } from "./tree-walk.js";

/** `kubectl` and `oc`: their tree, and what depends on values: the context, the number of copies, a patch, a command in a pod. */
export function kubectlReader(tree: ToolTree): Reader {
  return {
    names: tree.names,
    read(call, world) {
      const [walk] = walkTree(tree, call.argv.slice(1));
      if (walk === undefined || isDryRun(walk)) return nothing;
      const environment = environmentOf(walk, call, world);
      const reading = join(readTree(tree, call, world), readMore(walk, call, world));
      const placed = reading.effects.map(
        (effect): Effect => (effect.resource === "kubernetes" ? { ...effect, environment } : effect),
      );
      return { ...reading, effects: placed };
    },
  };
}

/** `minikube kubectl -- delete pod web`, `k3s kubectl delete pod web`. */
export function clusterReader(tree: ToolTree): Reader {
  return {
    names: tree.names,
    read(call, world) {
      const at = call.argv.indexOf("kubectl");
      if (at !== 1) return readTree(tree, call, world);
      const words = call.argv.slice(at + 1);
      const rest = words[0] === "--" ? words.slice(1) : words;
      return inner(...wrap(call, world, ["kubectl", ...rest], showArg(call.tool)));
    },
  };
}

function isDryRun({ options }: Walk): boolean {
  return options.some(
    ({ name, value }) =>
      name === "--dry-run" &&
      (value === undefined || (isKnown(value) && /^(client|server|true)$/.test(value))),
  );
}

/** What the tree cannot say, for it hangs on a value. */
function readMore(walk: Walk, call: Call, world: World): Reading {
  const [verb = ""] = walk.path;
  const change = (deed: Pick<OtherEffect, "action" | "recovery" | "because">) =>
    effects(changeOf(walk, call, deed));
  switch (verb) {
    case "exec":
      return readExec(walk, call, world);
    case "scale":
      return showArg(optionOf(walk, "--replicas") ?? "") === "0"
        ? change({ action: "modify", recovery: "recreate", because: "leaves no copy running" })
        : nothing;
    case "patch": {
      const text = optionOf(walk, "-p", "--patch");
      const found = patches.find(({ pattern }) =>
        pattern.test(showArg(text ?? walk.words.map(showArg).join(" "))),
      );
      return found === undefined ? nothing : change(found.deed);
    }
    case "debug":
      return walk.rest.some((word) => /^nodes?\//.test(showArg(word)))
        ? change({ action: "grant", recovery: "unknown", because: "opens a shell on a node itself" })
        : nothing;
    case "run":
      return walk.rest.some((word) => /privileged|hostPath|hostPID|hostNetwork/.test(showArg(word)))
        ? change({ action: "grant", recovery: "unknown", because: "a pod with rights on its node" })
        : nothing;
    default:
      return nothing;
  }
}

function changeOf(
  walk: Walk,
  call: Call,
  deed: Pick<OtherEffect, "action" | "recovery" | "because">,
): OtherEffect {
  const target = [...walk.words, ...walk.rest].map(showArg).join(" ") || walk.path.join(" ");
  const operation = walk.path.join(" ");
  return {
    ...plainEffect(showArg(call.tool), deed.action, target),
    ...deed,
    resource: "kubernetes",
    operation,
  };
}

const patches: readonly {
  readonly pattern: RegExp;
  readonly deed: Pick<OtherEffect, "action" | "recovery" | "because">;
}[] = [
  {
    pattern: /finalizers\W{0,8}(null|\[\s*\])|"remove"[^}]{0,200}finalizers/,
    deed: { action: "delete", recovery: "none", because: "takes what keeps it from being deleted" },
  },
  {
    pattern: /"?persistentVolumeReclaimPolicy"?\s*:\s*"?Delete/,
    deed: { action: "modify", recovery: "none", because: "the volume goes with its claim from now on" },
  },
  {
    pattern: /"?replicas"?\s*:\s*0\b|"?suspend"?\s*:\s*true|"?unschedulable"?\s*:\s*true/,
    deed: { action: "modify", recovery: "recreate", because: "leaves no copy running" },
  },
  {
    pattern: /\$patch"?\s*:\s*"?(delete|replace)|"op"\s*:\s*"remove"|"?(data|stringData)"?\s*:\s*null/,
    deed: { action: "modify", recovery: "none", because: "removes a part of it" },
  },
  {
    pattern: /"?privileged"?\s*:\s*true|hostPath|"?(subjects|rules|roleRef)"?\s*:/,
    deed: { action: "grant", recovery: "unknown", because: "gives rights" },
  },
];

/** `exec POD [-c NAME] -- COMMAND`, and without the dashes, as older versions took it. */
function readExec(walk: Walk, call: Call, world: World): Reading {
  const at = walk.rest.indexOf("--");
  const words =
    at < 0 ? walk.rest.slice(1).filter((word) => !showArg(word).startsWith("-")) : walk.rest.slice(at + 1);
  const pod = showArg(walk.rest[0] ?? walk.words[0] ?? "").replace(/^pods?\//, "");
  const host = { name: `pod ${pod}`, kind: "container" } as const;
  const hasStdin = call.argv.some((word) => isKnown(word) && /^(-[a-z]*i[a-z]*|--stdin(=true)?)$/.test(word));
  return readInside(call, words, { via: `${showArg(call.tool)} exec`, host }, world, hasStdin);
}

/** The context that is named, else the one in use; clusters of this machine are `local`. */
function environmentOf(walk: Walk, call: Call, world: World): string {
  const context = optionOf(walk, "--context") ?? currentContext(walk, call, world);
  if (context === undefined || !isKnown(context) || context === "") return "unknown";
  return localContext.test(context) ? "local" : context;
}

const localContext =
  /^(minikube|docker-desktop|docker-for-desktop|rancher-desktop|orbstack|microk8s|colima)$|^(kind|k3d)-/;

function currentContext(walk: Walk, call: Call, world: World): Arg | undefined {
  const server = optionOf(walk, "-s", "--server", "--cluster");
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
