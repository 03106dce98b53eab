import { join } from "node:path";
import * as v from "valibot";
import { parseYaml as parse } from "../model/yaml-text.js";
import { type Environment, environmentOf, type Findings, joinFindings, noFindings } from "./finding.js";
import { type Place, readText, shown } from "./look.js";

const kubeconfig = v.object({
  contexts: v.optional(
    v.nullable(
      v.array(
        v.object({
          name: v.string(),
          context: v.optional(v.nullable(v.object({ cluster: v.optional(v.string()) }))),
        }),
      ),
    ),
  ),
});

/** The contexts of each kubeconfig. */
export function findKubernetes(place: Place): Findings {
  const named = place.env["KUBECONFIG"]?.split(":").filter((path) => path.startsWith("/")) ?? [];
  const files = named.length > 0 ? named : [join(place.home, ".kube", "config")];
  return joinFindings(files.map((file) => contextsOf(file, place)));
}

function contextsOf(file: string, place: Place): Findings {
  const text = readText(file);
  if (text === undefined) return noFindings;
  const origin = shown(file, place);
  const read = v.safeParse(kubeconfig, parseYaml(text));
  if (!read.success) return { ...noFindings, notes: [`${origin} could not be read`] };
  return {
    ...noFindings,
    labels: (read.output.contexts ?? []).map(({ name, context }) => ({
      key: "kubernetes.contexts",
      value: name,
      origin,
      environment: guess(name, context?.cluster ?? ""),
    })),
  };
}

function guess(name: string, cluster: string): Environment | undefined {
  return localContext.test(name) ? "local" : (environmentOf(name) ?? environmentOf(cluster));
}

const localContext =
  /^(minikube|docker-desktop|docker-for-desktop|rancher-desktop|orbstack|microk8s|colima)$|^(kind|k3d)-/;

export function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
