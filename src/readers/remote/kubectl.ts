import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type OtherEffect, plainEffect } from "../../model/effect.js";
import type { ToolTree } from "../../model/knowledge.js";
import type { World } from "../../model/world.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { wrap } from "../sight.js";
import { readTree } from "../tree/tree.js";
import { optionOf, type Walk, walkTree } from "../tree/walk.js";
import { readInside } from "./inside.js";
import { inCluster } from "./kube-context.js";

/** `kubectl` and `oc`: their tree, and what depends on values: the context, the number of copies, a patch, a command in a pod. */
export function kubectlReader(tree: ToolTree): Reader {
  return {
    names: tree.names,
    read(call, world) {
      const [walk] = walkTree(tree, call.argv.slice(1));
      if (walk === undefined || isDryRun(walk)) return nothing;
      return inCluster(
        join(readTree(tree, call, world), readMore(walk, call, world)),
        tree,
        walk,
        call,
        world,
      );
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
      if (walk.rest.some((word) => /^nodes?\//.test(showArg(word))))
        return change({ action: "grant", recovery: "unknown", because: "opens a shell on a node itself" });
      return [...walk.rest, optionOf(walk, "--profile") ?? ""].some((word) =>
        /^(--profile=)?sysadmin$/.test(showArg(word)),
      )
        ? change({ action: "grant", recovery: "unknown", because: "a container with every right" })
        : nothing;
    case "cp":
      return readCopy(walk, call, world);
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
    pattern:
      /"?privileged"?\s*:\s*true|hostPath|"?(subjects|rules|roleRef)"?\s*:|"\/(subjects|rules|roleRef)\b/,
    deed: { action: "grant", recovery: "unknown", because: "gives rights" },
  },
];

/** `exec POD [-c NAME] -- COMMAND`, and without the dashes, as older versions took it. */
function readExec(walk: Walk, call: Call, world: World): Reading {
  const at = walk.rest.indexOf("--");
  const words = at < 0 ? withoutOptions(walk.rest.slice(1)) : walk.rest.slice(at + 1);
  const pod = showArg(walk.rest[0] ?? walk.words[0] ?? "").replace(/^pods?\//, "");
  const host = { name: `pod ${pod}`, kind: "container" } as const;
  const hasStdin = call.argv.some((word) => isKnown(word) && /^(-[a-z]*i[a-z]*|--stdin(=true)?)$/.test(word));
  return readInside(call, words, { via: `${showArg(call.tool)} exec`, host }, world, hasStdin);
}

function withoutOptions(words: readonly Arg[]): readonly Arg[] {
  let at = 0;
  while (showArg(words[at] ?? "").startsWith("-"))
    at += /^(-c|--container|-n|--namespace)$/.test(showArg(words[at] ?? "")) ? 2 : 1;
  return words.slice(at);
}

/** `cp ./app.conf POD:/etc/app.conf`: as a copy in the pod. */
function readCopy(walk: Walk, call: Call, world: World): Reading {
  const [from = "", to = ""] = [...walk.words, ...walk.rest].filter((word) => !showArg(word).startsWith("-"));
  const [, pod = "", path = ""] = /^([^:./][^:]*):(.+)$/s.exec(showArg(to)) ?? [];
  if (pod === "") return nothing;
  const where = { via: `${showArg(call.tool)} cp`, host: { name: `pod ${pod}`, kind: "container" } } as const;
  return readInside(call, ["cp", showArg(from).replace(/^.*\//, "") || ".", path], where, world, false);
}
