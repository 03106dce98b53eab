import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { many, showAge } from "../../model/amount.js";
import type { Run } from "../child.js";
import { failed, found, type Gather } from "../previewer.js";
import { writeConfig } from "./config.js";
import { type Aim, readAim } from "./words.js";

/** What a `kubectl delete` would meet, by the same kubectl's `get`: how many, which, and whose data goes with them. */
export const gatherKubernetes: Gather = async (input) => {
  const { effects, call, world, run } = input;
  const aim = readAim(call.argv);
  const config = await writeConfig(aim, input);
  const now = world.now?.() ?? Date.now();
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-look-"));
  try {
    const path = join(folder, "config");
    writeFileSync(path, config, { mode: 0o600, flag: "wx" });
    const rows = await look(aim, openGet(folder, path, run), now);
    return effects.map(({ at }) => found(at, rows));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return effects.map(({ at }) => failed(at, why));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

interface Thing {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly made: string;
  readonly volume: string;
  readonly policy: string;
  readonly size: string;
}

type Get = (...words: readonly string[]) => Promise<readonly Thing[]>;

/** Only ever `get`: kubectl finds no home, so no plugins, aliases or caches of anybody's. */
function openGet(folder: string, config: string, run: Run): Get {
  return async (...words) => {
    const ran = await run(
      "kubectl",
      [
        "get",
        ...[`--kubeconfig=${config}`, `--cache-dir=${join(folder, "cache")}`, "--request-timeout=1500ms"],
        ...[`-o=custom-columns=${columns}`, "--no-headers", "--ignore-not-found", ...words],
      ],
      {
        keeps: /^(https?_proxy|HTTPS?_PROXY|no_proxy|NO_PROXY)$/,
        env: { HOME: "/nonexistent", KUBERC: "off" },
        cwd: "/",
      },
    );
    if (ran.kind === "failed") throw new Error(ran.reason);
    if (ran.kind === "late") throw new Error("no answer in time");
    if (ran.status !== 0) throw new Error(lastLine(ran.err));
    if (ran.isCut) throw new Error("more objects than are read");
    return ran.out.split("\n").flatMap((line): readonly Thing[] => {
      const [kind = "", namespace = "", name = "", made = "", volume = "", policy = "", size = ""] = line
        .trim()
        .split(/\s+/);
      return name === "" ? [] : [{ kind, namespace, name, made, volume, policy, size }];
    });
  };
}

const columns =
  "K:.kind,S:.metadata.namespace,N:.metadata.name,T:.metadata.creationTimestamp,V:.spec.volumeName,P:.spec.persistentVolumeReclaimPolicy,C:.status.capacity.storage";

function lastLine(text: string): string {
  const line = text.split("\n").findLast((one) => one.trim() !== "" && !/^[EWI]\d{4} /.test(one));
  return line?.trim() ?? "kubectl get failed";
}

async function look({ words, filters }: Aim, get: Get, now: number): Promise<readonly string[]> {
  const things = await get(...filters, ...words);
  if (things.length === 0) return ["nothing there that it would delete"];
  const spaces = things.filter(({ kind }) => kind === "Namespace").map(({ name }) => name);
  const inside = await Promise.all(spaces.slice(0, mostSpaces).map((name) => insideOf(name, get)));
  const claims = [...things, ...inside.flatMap(({ things: held }) => held)].filter(
    ({ kind }) => kind === "PersistentVolumeClaim",
  );
  return [
    ...(await claimRows(claims, get)),
    `${countKinds(things)}: ${named(things, now)}`,
    ...inside.flatMap(({ row }) => [row]),
    ...(spaces.length > mostSpaces ? [`and ${many(spaces.length - mostSpaces, "other namespace")}`] : []),
    ...(things.some(({ kind }) => kind === "CustomResourceDefinition")
      ? ["everything of that kind goes, in every namespace"]
      : []),
  ];
}

const mostSpaces = 3;

async function insideOf(
  name: string,
  get: Get,
): Promise<{ readonly row: string; readonly things: readonly Thing[] }> {
  try {
    const things = await get(`--namespace=${name}`, held);
    return {
      row: `in ${name}: ${things.length === 0 ? "nothing of the usual kinds" : countKinds(things)}`,
      things,
    };
  } catch (cause) {
    return {
      row: `what is in ${name} is not known: ${cause instanceof Error ? cause.message : cause}`,
      things: [],
    };
  }
}

const held = "persistentvolumeclaims,statefulsets,deployments,jobs,pods,services,secrets,configmaps";

/** The volume behind a claim goes with it where its policy says so. */
async function claimRows(claims: readonly Thing[], get: Get): Promise<readonly string[]> {
  const bound = claims.filter(({ volume }) => volume !== "<none>");
  if (bound.length === 0) return [];
  try {
    const volumes = await get("persistentvolumes", ...new Set(bound.map(({ volume }) => volume)));
    const policyOf = new Map(volumes.map(({ name, policy }) => [name, policy]));
    const gone = bound.filter(({ volume }) => policyOf.get(volume) === "Delete");
    const kept = bound.filter(({ volume }) => policyOf.get(volume) === "Retain");
    return [
      ...(gone.length === 0 ? [] : [`data that goes as well (reclaim policy Delete): ${sizes(gone)}`]),
      ...(kept.length === 0 ? [] : [`volumes that stay (reclaim policy Retain): ${sizes(kept)}`]),
    ];
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return [`whether the data of ${many(bound.length, "claim")} stays is not known: ${why}`];
  }
}

function sizes(claims: readonly Thing[]): string {
  const shown = claims.slice(0, 5).map(({ name, size }) => (size === "<none>" ? name : `${name} (${size})`));
  return `${shown.join(", ")}${claims.length > 5 ? ` and ${claims.length - 5} more` : ""}`;
}

function countKinds(things: readonly Thing[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of things) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
}

function named(things: readonly Thing[], now: number): string {
  const shown = things
    .slice(0, 5)
    .map(({ name, namespace }) => (namespace === "<none>" ? name : `${namespace}/${name}`));
  const more = things.length > 5 ? ` and ${things.length - 5} more` : "";
  const oldest = Math.min(
    ...things.map(({ made }) => Date.parse(made)).filter((time) => !Number.isNaN(time)),
  );
  const age = Number.isFinite(oldest)
    ? `, ${things.length === 1 ? "" : "the oldest "}made ${showAge(oldest, now)}`
    : "";
  return `${shown.join(", ")}${more}${age}`;
}
