import { detectCredentials } from "../credentials/detect.js";
import { homeStores } from "../credentials/home-stores.js";
import type { Manifest } from "../model/scope.js";
import { isSecretFile } from "../model/secret-file.js";
import { isWithin } from "../scope/globs.js";
import { type PlanInput, placeOf } from "./input.js";
import { isPlainSshName, plainStores, secretFiles, secretFolders, secretVariables } from "./known-secrets.js";
import { isFolder, joinPath, kindOf, namesIn } from "./look.js";
import type { Walk } from "./walk.js";

/** Where credentials lie that the work is not about: real paths, there or not. `own`: the started agent's state. */
export function findSecrets(input: PlanInput, own: readonly string[]): readonly string[] {
  const { home, look } = input;
  const real = look.realpath(home);
  const below = (path: string) => look.realpath(joinPath(real, path));
  const opened = openedPlaces(input, own);
  const folders = secretFolders.map(below);
  const files = [
    ...homeStores(real).flatMap(({ path }) => (plainStores.has(path) ? [] : [below(path)])),
    ...secretFiles.map(below),
    ...namedByVariables(input),
    ...sshKeys(joinPath(real, ".ssh"), input),
  ];
  const all = [...folders, ...files].filter((path) => kindOf(path, look) !== undefined);
  return [...new Set(all)].flatMap((path) => closedParts(path, opened, input));
}

/**
 * Files of the workspace with credentials that no manifest names, where one says which the work needs: a token lying about in
 * an unrelated file is what agents find. Known by their names, and then by what they hold.
 */
export function findUndeclared(input: PlanInput, walk: Walk): readonly string[] {
  const { manifests, workspace, look } = input;
  const speaking = manifests.filter(({ credentials }) => credentials !== undefined);
  if (speaking.length === 0) return [];
  const named = speaking.map((manifest) => filesOf(manifest, input));
  const opened = input.setting.read.map((path) => placeOf(path, input));
  return walk.files(workspace, "files with credentials", {
    isPassed: (name) => passedOver.has(name),
    isWanted: (path) =>
      isSecretFile(path, look) &&
      !named.every((paths) => paths.includes(path)) &&
      !opened.some((one) => isWithin(path, one)) &&
      holdsCredential(path, input),
  });
}

/** What is fetched and built, and git's own. */
const passedOver: ReadonlySet<string> = new Set([
  ".git",
  "node_modules",
  "vendor",
  "target",
  ".venv",
  "venv",
]);

function holdsCredential(path: string, { look }: PlanInput): boolean {
  const content = look.readFile(path, 1 << 20);
  // What cannot be read is nobody's inside either.
  if (!content.ok) return false;
  const text = Buffer.from(content.bytes).toString("utf8");
  return !content.complete || detectCredentials(text, path).some(({ confidence }) => confidence !== "low");
}

/** All of a place, or what is left of it around what is opened. */
function closedParts(path: string, opened: readonly string[], input: PlanInput): readonly string[] {
  if (opened.some((one) => isWithin(path, one))) return [];
  const { look } = input;
  if (!opened.some((one) => isWithin(one, path)) || !isFolder(path, look)) return [path];
  return namesIn(path, look).flatMap((name) => {
    const child = joinPath(path, name);
    return kindOf(child, look) === "link" ? [] : closedParts(child, opened, input);
  });
}

/** What the user, the manifests and the agent itself need. The home as a whole names nothing: it opens no store. */
function openedPlaces(input: PlanInput, own: readonly string[]): readonly string[] {
  const { setting, manifests, home, look } = input;
  const real = look.realpath(home);
  const named = [...setting.read, ...setting.write].map((path) => placeOf(path, input));
  return [...named, ...own, ...credentialFiles(manifests, input)].filter((path) => !isWithin(real, path));
}

/** `credentials` of manifests: each that speaks of them must name it, and be trusted, for this opens something. */
function credentialFiles(manifests: readonly Manifest[], input: PlanInput): readonly string[] {
  const speaking = manifests.filter(({ credentials }) => credentials !== undefined);
  const [first, ...others] = speaking.map((manifest) => (manifest.isTrusted ? filesOf(manifest, input) : []));
  return (first ?? []).filter((path) => others.every((paths) => paths.includes(path)));
}

function filesOf({ credentials = [], folder }: Manifest, input: PlanInput): readonly string[] {
  const { home, env, look } = input;
  return credentials.flatMap(({ from, allow }) => {
    if (allow.length === 0) return [];
    if (from.startsWith("profile:"))
      return [
        env["AWS_SHARED_CREDENTIALS_FILE"] ?? `${home}/.aws/credentials`,
        env["AWS_CONFIG_FILE"] ?? `${home}/.aws/config`,
        `${home}/.aws/sso`,
        `${home}/.aws/cli`,
      ].map((path) => look.realpath(path));
    const [, path] = /^file:([^#]*)/s.exec(from) ?? [];
    return path === undefined ? [] : [placeOf(path, { ...input, workspace: folder })];
  });
}

function namedByVariables({ env, home, look }: PlanInput): readonly string[] {
  const real = look.realpath(home);
  return secretVariables
    .flatMap((name) => env[name]?.split(":") ?? [])
    .filter((path) => path.startsWith("/"))
    .map((path) => look.realpath(path))
    .filter((path) => !isWithin(real, path) && depthAllows(path));
}

/** `HISTFILE=/dev/null` hides nothing. */
function depthAllows(path: string): boolean {
  return !/^\/(?:dev|proc|sys|etc)(?:\/|$)/.test(path);
}

/** Keys may have any name; a folder that is not listed may be one of keys. */
function sshKeys(folder: string, { look }: PlanInput): readonly string[] {
  return namesIn(folder, look)
    .filter((name) => !isPlainSshName(name))
    .map((name) => look.realpath(joinPath(folder, name)));
}
