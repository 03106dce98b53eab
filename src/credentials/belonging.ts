import { basename, dirname, relative } from "node:path/posix";
import type { Belonging } from "../model/credential-audit.js";
import type { Manifest, ScopeEnvironment } from "../model/scope.js";
import { environmentOf } from "../proposal/finding.js";
import { placesOf } from "../scope/labels.js";
import type { Facts } from "./facts.js";
import type { Sighting } from "./sighting.js";

/** Where one credential, seen at these places, belongs. The manifests are asked; names only where none of them says it. */
export function belongingOf(
  places: readonly Sighting[],
  facts: Facts,
  manifests: readonly Manifest[],
  root: string,
): Belonging {
  const declared = manifests.flatMap((manifest) =>
    (manifest.credentials ?? [])
      .filter(
        ({ value }) =>
          value !== undefined &&
          places.some((place) => place.value === value || place.forms?.includes(value)),
      )
      .map((one) => ({ one, manifest })),
  );
  const allowed = declared.flatMap(({ one, manifest }) =>
    manifest.environments.filter(({ name }) => one.allow.includes(name)),
  );
  const labelled = manifests.flatMap((manifest) =>
    [...facts.things, ...places.flatMap(fileThing)].flatMap((thing) =>
      placesOf(thing, manifest).map(({ environment }) => environment),
    ),
  );
  const environments = [...allowed, ...labelled];
  const names = [
    ...new Set([...declared.flatMap(({ one }) => one.allow), ...labelled.map(({ name }) => name)]),
  ];
  const base = { environments: names, named: [...new Set(declared.map(({ one }) => one.name))] };
  if (names.length > 0)
    return { ...base, isProduction: environments.some(isProduction) || names.some(saysProduction) };
  const guess = guessOf(places, facts, root);
  return guess === undefined
    ? { ...base, isProduction: false }
    : { ...base, isProduction: guess.environment === "production", guess };
}

/** By its name, or because nothing may be done there without a question. */
function isProduction({ name, allow }: ScopeEnvironment): boolean {
  return saysProduction(name) || allow.length === 0;
}

function saysProduction(name: string): boolean {
  return environmentOf(name) === "production";
}

function fileThing({ file }: Sighting) {
  return file === undefined ? [] : [{ is: "path", path: file, recursive: false } as const];
}

/** The variable says more than its file, the file's name more than its folders. The folders above the root say nothing. */
function guessOf(places: readonly Sighting[], facts: Facts, root: string): Belonging["guess"] {
  const hosts = facts.things.flatMap((thing) => (thing.is === "server" ? [thing.host] : []));
  const words = facts.things.flatMap((thing) => (thing.is === "word" ? [thing.text] : []));
  const names = [
    ...hosts,
    ...places.flatMap(({ key }) => key ?? []),
    ...words,
    ...places.flatMap(({ file }) => (file === undefined ? [] : [basename(file)])),
    ...places.flatMap(({ file }) => foldersIn(root, file).toReversed()),
    ...(facts.words.includes("real money") ? ["live"] : []),
  ];
  for (const from of names) {
    const environment = environmentOf(from);
    if (environment !== undefined && environment !== "protected-branches") return { environment, from };
  }
  return undefined;
}

function foldersIn(root: string, file: string | undefined): readonly string[] {
  if (file === undefined || !file.startsWith(`${root}/`)) return [];
  return dirname(relative(root, file))
    .split("/")
    .filter((name) => name !== ".");
}
