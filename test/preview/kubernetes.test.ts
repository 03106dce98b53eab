import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Lookout, openLookout } from "./look.js";

// The real kubectl against an API server that stands in on this machine.

const hasKubectl = (process.env["PATH"] ?? "")
  .split(delimiter)
  .some((folder) => existsSync(join(folder, "kubectl")));
if (!hasKubectl) console.warn("no kubectl: what previews say of a cluster is not tested");

const asked: string[] = [];
let isSilent = false;
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  if (isSilent) return;
  const path = new URL(request.url ?? "/", "http://x").pathname;
  const body = replies[path] ?? {
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    reason: "NotFound",
    message: "not found",
    code: 404,
  };
  response.writeHead(path in replies ? 200 : 404, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
});
let place: Lookout;
let port = 0;

const made = new Date(Date.now() - 3 * 86_400_000 - 60_000).toISOString();
const thing = (kind: string, name: string, more: object = {}, namespace: string | null = "web") => ({
  ...{
    apiVersion: kind === "StatefulSet" ? "apps/v1" : "v1",
    kind,
    metadata: { name, ...(namespace === null ? {} : { namespace }), creationTimestamp: made },
  },
  ...more,
});
const all = (...items: readonly object[]) => ({ kind: "List", apiVersion: "v1", metadata: {}, items });
const kind = (
  name: string,
  singular: string,
  shown: string,
  short: readonly string[],
  namespaced = true,
) => ({
  ...{
    name,
    singularName: singular,
    namespaced,
    kind: shown,
    shortNames: short,
    verbs: ["get", "list", "delete"],
  },
});
const claim = (name: string, volume: string) =>
  thing("PersistentVolumeClaim", name, {
    spec: { volumeName: volume },
    status: { capacity: { storage: "10Gi" } },
  });
const volume = (name: string, policy: string) =>
  thing("PersistentVolume", name, { spec: { persistentVolumeReclaimPolicy: policy } }, null);
const claims = all(claim("data", "pv-1"), claim("kept", "pv-2"));
const group = (name: string) => ({
  ...{ name, versions: [{ groupVersion: `${name}/v1`, version: "v1" }] },
  preferredVersion: { groupVersion: `${name}/v1`, version: "v1" },
});
const replies: Readonly<Record<string, object>> = {
  "/version": { major: "1", minor: "32" },
  "/api": { kind: "APIVersions", versions: ["v1"] },
  "/apis": { kind: "APIGroupList", apiVersion: "v1", groups: [group("apps"), group("batch")] },
  "/api/v1": {
    ...{ kind: "APIResourceList", groupVersion: "v1" },
    resources: [
      kind("pods", "pod", "Pod", ["po"]),
      kind("services", "service", "Service", ["svc"]),
      kind("secrets", "secret", "Secret", []),
      kind("configmaps", "configmap", "ConfigMap", ["cm"]),
      kind("persistentvolumeclaims", "persistentvolumeclaim", "PersistentVolumeClaim", ["pvc"]),
      kind("persistentvolumes", "persistentvolume", "PersistentVolume", ["pv"], false),
      kind("namespaces", "namespace", "Namespace", ["ns"], false),
    ],
  },
  "/apis/apps/v1": {
    ...{ kind: "APIResourceList", groupVersion: "apps/v1" },
    resources: [
      kind("deployments", "deployment", "Deployment", ["deploy"]),
      kind("statefulsets", "statefulset", "StatefulSet", ["sts"]),
    ],
  },
  "/apis/batch/v1": {
    kind: "APIResourceList",
    groupVersion: "batch/v1",
    resources: [kind("jobs", "job", "Job", [])],
  },
  "/api/v1/namespaces/web": thing("Namespace", "web", {}, null),
  "/api/v1/namespaces/web/pods": all(thing("Pod", "web-1"), thing("Pod", "web-2")),
  "/api/v1/namespaces/web/services": all(),
  "/api/v1/namespaces/web/secrets": all(),
  "/api/v1/namespaces/web/configmaps": all(),
  "/apis/apps/v1/namespaces/web/deployments": all(),
  "/apis/apps/v1/namespaces/web/statefulsets": all(thing("StatefulSet", "db")),
  "/apis/batch/v1/namespaces/web/jobs": all(),
  "/api/v1/namespaces/web/persistentvolumeclaims": claims,
  "/api/v1/namespaces/web/persistentvolumeclaims/data": claim("data", "pv-1"),
  "/api/v1/persistentvolumes/pv-1": volume("pv-1", "Delete"),
  "/api/v1/persistentvolumes/pv-2": volume("pv-2", "Retain"),
};

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
  place = openLookout(() => ({ patience: 60_000 }));
  write("config", { token: "mine" });
});
afterAll(async () => {
  place.remove();
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});
beforeEach(() => {
  asked.length = 0;
  isSilent = false;
});

function write(name: string, user: object, folder = place.home): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    [
      "apiVersion: v1",
      "kind: Config",
      "current-context: live",
      `clusters: [{ name: c, cluster: { server: "http://127.0.0.1:${port}" } }]`,
      "contexts: [{ name: live, context: { cluster: c, user: u, namespace: web } }]",
      `users: [{ name: u, user: ${JSON.stringify(user)} }]`,
      "",
    ].join("\n"),
  );
  return path;
}
const rows = (line: string, config = join(place.home, "config")) =>
  place.rows(line, { env: { KUBECONFIG: config, NO_PROXY: "127.0.0.1" } });

describe.runIf(hasKubectl)("a cluster", () => {
  test("a claim, and the data behind it", async () => {
    expect(await rows("kubectl delete pvc data")).toEqual([
      "data that goes as well (reclaim policy Delete): data (10Gi)",
      "1 PersistentVolumeClaim: web/data, made 3 days ago",
    ]);
    expect(asked.every((each) => each.startsWith("GET /"))).toBe(true);
  });

  test("by a selector, of several kinds", async () => {
    expect(await rows("kubectl delete statefulsets,pvc -l app=x -n web --wait=false")).toEqual([
      "data that goes as well (reclaim policy Delete): data (10Gi)",
      "volumes that stay (reclaim policy Retain): kept (10Gi)",
      "1 StatefulSet, 2 PersistentVolumeClaim: web/db, web/data, web/kept, the oldest made 3 days ago",
    ]);
    expect(asked.some((each) => each.includes("persistentvolumeclaims?labelSelector=app%3Dx"))).toBe(true);
  });

  test("a namespace, with what is in it", async () => {
    expect(await rows("kubectl delete ns web")).toEqual([
      "data that goes as well (reclaim policy Delete): data (10Gi)",
      "volumes that stay (reclaim policy Retain): kept (10Gi)",
      "1 Namespace: web, made 3 days ago",
      "in web: 2 PersistentVolumeClaim, 1 StatefulSet, 2 Pod",
    ]);
  });

  test("nothing there; files; options that nobody knows", async () => {
    expect(await rows("kubectl delete ns gone")).toEqual(["nothing there that it would delete"]);
    expect(await rows("kubectl delete pvc data --token=x")).toEqual(["FAILED: --token is not known here"]);
    writeFileSync(join(place.workspace, "x.yaml"), "kind: Namespace\n");
    expect(await rows("kubectl delete -f x.yaml")).toEqual(["FAILED: what the files name is not looked up"]);
  });

  test("a program that makes keys is not started, wherever its file lies", async () => {
    const marker = join(place.base, "ran");
    const program = join(place.home, "make-keys");
    writeFileSync(program, `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: program,
      interactiveMode: "Never",
    };
    for (const folder of [place.home, place.workspace]) {
      const path = write("exec", { exec }, folder);
      expect(await rows("kubectl delete pvc data", path)).toEqual([
        'FAILED: the keys of user "u" come from a program, which is not started for a look',
      ]);
    }
    const provider = write("provider", { "auth-provider": { name: "gcp", config: { "cmd-path": program } } });
    expect(await rows("kubectl delete pvc data", provider)).toEqual([
      expect.stringMatching(/come from a program/),
    ]);
    expect(existsSync(marker)).toBe(false);
    expect(asked).toEqual([]);
  });

  test("no such context, no file, a file that is none", async () => {
    expect(await rows("kubectl delete ns web --context other")).toEqual([
      'FAILED: its kubeconfig has no context "other"',
    ]);
    expect(await rows("kubectl delete pvc data", "/nonexistent/config")).toEqual([
      "FAILED: there is no kubeconfig",
    ]);
    writeFileSync(join(place.home, "broken"), "a: [");
    expect(await rows("kubectl delete pvc data", join(place.home, "broken"))).toEqual([
      expect.stringMatching(/^FAILED: .* could not be read$/),
    ]);
  });

  test("a server that says nothing", async () => {
    isSilent = true;
    expect(await rows("kubectl delete pvc data")).toEqual([expect.stringMatching(/^FAILED: /)]);
  });
});
