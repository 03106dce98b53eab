import { readdirSync, readFileSync } from "node:fs";
import * as v from "valibot";
import { parse, stringify } from "yaml";
import { conformanceDocument } from "../../src/build/conformance.js";
import { createJudge } from "../../src/judge.js";
import type { CredentialPlace } from "../../src/model/effect.js";
import { envFrom } from "../../src/model/env.js";
import type { Judgement } from "../../src/model/judgement.js";
import type { Bounds, Manifest } from "../../src/model/scope.js";
import type { World } from "../../src/model/world.js";
import { parseManifest } from "../../src/scope/manifest.js";
import { parseSql } from "../../src/world/sql.js";
import { awsServiceOf, builtin, table } from "../example-judge.js";
import { type FakeFile, fakeWorld } from "../fake-world.js";

// The conformance suite of the scope manifest: schema/conformance/*.yaml, each a list of documents.

/** One document of a file of the suite. */
export const documentSchema = conformanceDocument(v.looseObject({ version: v.literal(1) }));

export type Document = v.InferOutput<typeof documentSchema>;
export type Case = Document["cases"][number];

const folder = new URL("../../schema/conformance/", import.meta.url);

/** Each file of the suite with its documents. */
export const suite = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .sort()
  .map((name) => ({
    subject: name.replace(/\.yaml$/, ""),
    documents: v.parse(
      v.array(documentSchema),
      parse(readFileSync(new URL(name, folder), "utf8"), { merge: true }),
    ),
  }));

export const home = "/home/me";

export function manifestsOf(document: Document): readonly Manifest[] {
  const { manifests, env, files } = document;
  const { realpath } = worldOf(document);
  const sourceValue = (from: string): string | undefined => {
    const [, kind, name = "", key] = /^(env|file):([^#]*)(?:#(.*))?$/.exec(from) ?? [];
    if (kind === "env") return env[name];
    if (kind === undefined) return undefined;
    const file =
      files[name.startsWith("~/") ? `${home}${name.slice(1)}` : name.startsWith("/") ? name : `/w/${name}`];
    if (typeof file !== "string") return undefined;
    return key === undefined ? file.trim() : new RegExp(`^${key}=(.*)$`, "m").exec(file)?.[1];
  };
  return manifests.map(({ file, content, trusted }) => {
    const parsed = parseManifest(stringify(content), file, { home, realpath });
    if (!parsed.ok) throw new Error(`${document.name}: ${parsed.problems.join("; ")}`);
    const credentials = parsed.manifest.credentials?.map((one) => ({ ...one, value: sourceValue(one.from) }));
    return { ...parsed.manifest, isTrusted: trusted, credentials };
  });
}

/** Judges a line as the document says, all the way: the real readers and rules, a world in memory. */
export function judgeDocument(
  document: Document,
  manifests = manifestsOf(document),
): (line: string) => Promise<Judgement> {
  const judge = createJudge({ rules: builtin.rules, labels: [], manifests }, table);
  const world = worldOf(document);
  const env = envFrom([
    ["HOME", home],
    ["PATH", "/session/bin:/usr/bin:/bin"],
    ["PWD", document.cwd],
    ["TMPDIR", "/tmp"],
    ["USER", "me"],
    ...Object.entries(document.env),
  ]);
  return (text) =>
    judge(
      { door: "line", text, shell: "bash", args: [], cwd: document.cwd, env, stdin: { kind: "terminal" } },
      world,
    );
}

/** Nothing minds what is not said to be minded; the worst of several counts. */
export function boundsOf(judgement: Judgement, { action, target }: Pick<Case, "action" | "target">): Bounds {
  const found = judgement.effects
    .filter((effect) => action === undefined || effect.action === action)
    .filter((effect) => target === undefined || effect.target === target)
    .map((effect): Bounds => effect.bounds ?? "inside");
  return found.toSorted((a, b) => order.indexOf(b) - order.indexOf(a))[0] ?? "inside";
}

export const order: readonly Bounds[] = ["inside", "granted", "outside", "credential", "never"];

function worldOf({ files, places }: Document): World {
  const entries = Object.entries(files).map(([path, file]): [string, FakeFile] => [
    path,
    typeof file === "string" ? { text: file } : file,
  ]);
  const world = fakeWorld({ files: Object.fromEntries(entries), home, workspace: "/w" });
  const isRepository = "/w/.git/config" in files;
  return {
    ...world,
    parseSql,
    awsService: awsServiceOf,
    fingerprint: (value) => `print of ${value}`,
    provenance: {
      placesOf: (print) => foundPlaces(places.filter(({ value }) => print === `print of ${value}`)),
      keptIn: (path) => foundPlaces(places.filter(({ file }) => file === path)),
    },
    git: {
      ...world.git,
      repository: (path) =>
        isRepository && (path === "/w" || path.startsWith("/w/"))
          ? { top: "/w", gitDir: "/w/.git" }
          : undefined,
    },
  };
}

function foundPlaces(places: Document["places"]): readonly CredentialPlace[] {
  return places.map(({ file, key, new: isNew }) => ({
    file,
    line: 1,
    ...(key === undefined ? {} : { key }),
    kind: "generic",
    modified: 0,
    ...(isNew === undefined ? {} : { change: "new" as const }),
  }));
}
