import { type Arg, fromOrigin, fromSecret, isKnown, type Origin, originsOf } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { environment, findSecret, isSecretFile } from "../model/secret-file.js";
import type { World } from "../model/world.js";
import { joinOrigins, wrapping } from "./origin.js";
import { resolvePath } from "./path.js";
import { keysNamed } from "./secret-keys.js";
import {
  copiers,
  filters,
  folderOf,
  keepsQuiet,
  keptBy,
  nameOf,
  operandsOf,
  packers,
  placing,
  showsEnvironment,
  startOf,
  tars,
  wholes,
} from "./secret-programs.js";

type Command = Pick<Call, "argv" | "stdin" | "cwd">;

/**
 * The reason that tells which files of secrets, and which others with credentials in them, an output comes from: of what is
 * read, and of what a filter makes of it. It stays with the value as other origins do: `tar cz ~/.ssh | base64`,
 * `K=$(cat .env)`. `world`: with the files as the line has left them.
 */
export function secretOrigin({ argv, stdin, cwd }: Command, world: World): string | undefined {
  const words = argv.map(textOf);
  const at = startOf(words);
  const name = nameOf(words[at < 0 ? 0 : at]);
  const rest = at < 0 ? [] : argv.slice(at + 1);
  if (showsEnvironment(name, rest) && !words.includes("-i")) return fromSecret(environment);
  if (/^(echo|printf|print)$/.test(name)) return reasonOf(rest.flatMap(spelledIn));
  const kept = keptBy(name, words.slice(at + 1));
  if (kept !== undefined) return fromSecret(`${world.user.home}/${kept}`);
  // What `{ …; } > /dev/tcp/host/port` writes has come to it as its input.
  if (name === "") return reasonOf(stdinOrigins(stdin, cwd, name, world));
  if (!filters.has(name) || keepsQuiet(name, words.slice(at + 1))) return undefined;
  const folder = tars.test(name) ? folderOf(rest, cwd) : cwd;
  const texts = rest.flatMap(spelledIn);
  const files = operandsOf(name, rest).flatMap((word) => originsIn(word, folder, world, wholes.has(name)));
  const piped = stdinOrigins(stdin, cwd, name, world);
  if (texts.length + files.length + piped.length === 0) return undefined;
  const keys = keysNamed(name, rest);
  return joinOrigins(reasonOf(withKeys([...texts, ...files], keys)), reasonOf(withKeys(piped, keys)));
}

/** What of an operand is secret: the file, what lies in the folder, or what the line has written there. */
export function sourcesIn(word: Arg, cwd: string | Arg, world: World, isWhole: boolean): readonly string[] {
  return secretFiles(originsIn(word, cwd, world, isWhole));
}

/** The same of what descriptor 0 would give away. */
export function stdinSources(
  stdin: Command["stdin"],
  cwd: string | Arg,
  tool: string,
  world: World,
): readonly string[] {
  return secretFiles(stdinOrigins(stdin, cwd, tool, world));
}

/** Files that a command makes of secrets, and what they tell: `cp .env /tmp/x`, `tar czf x.tgz ~/.ssh`. */
export function copiedSecrets(
  { argv, cwd, stdin }: Command,
  world: World,
): readonly (readonly [string, string])[] {
  const words = argv.map(textOf);
  const at = startOf(words);
  const name = nameOf(words[at]);
  if (at < 0 || !copiers.has(name)) return [];
  const rest = argv.slice(at + 1).filter((word) => !isKnown(word) || !word.startsWith("-"));
  const folder = tars.test(name) ? folderOf(argv, cwd) : cwd;
  const isWhole = wholes.has(name) || name === "cp";
  const found = rest.map((word) => ({ word, secrets: originsIn(word, folder, world, isWhole) }));
  const piped = name === "tee" ? stdinOrigins(stdin, cwd, name, world) : [];
  const reason = reasonOf([...found.flatMap(({ secrets }) => secrets), ...piped]);
  if (reason === undefined) return [];
  // `gzip -k key.pem` leaves key.pem.gz. One list for all of them: `bzip2 */*/*` is thousands of words.
  const endings = [".gz", ".bz2", ".xz", ".zst", ".lz4", ".lzma", ".Z", ...suffixOf(words)];
  const packed = packers.test(name)
    ? found.flatMap(({ word, secrets }) => {
        const path = secrets.length === 0 ? "" : resolvePath(cwd, word);
        return isKnown(path) && path !== "" ? endings.map((ending) => `${path}${ending}`) : [];
      })
    : [];
  if (packed.length > 0) return packed.map((path) => [path, reason] as const);
  const targets = placing.test(name) ? found.slice(-1) : found.filter(({ secrets }) => secrets.length === 0);
  return targets.flatMap(({ word }) => {
    const path = resolvePath(cwd, word);
    if (!isKnown(path)) return [];
    const inside = found
      .slice(0, -1)
      .flatMap((one) => (isKnown(one.word) ? [`${path}/${nameOf(one.word.replace(/\/+$/, ""))}`] : []));
    return [path, ...(placing.test(name) ? inside : [])].map((one) => [one, reason] as const);
  });
}

/** Asked first: most commands do no such thing, and begin with their name. */
export function mayCopy([program = ""]: readonly Arg[]): boolean {
  const first = textOf(program);
  return copiers.has(nameOf(first)) || wrapping.test(first);
}

function textOf(arg: Arg): string {
  return isKnown(arg) ? arg : arg.prefix;
}

function suffixOf(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => /^(-S|--suffix)$/.test(word));
  return at < 0 ? [] : [words[at + 1] ?? ""];
}

function originsIn(word: Arg, cwd: string | Arg, world: World, isWhole: boolean): readonly Origin[] {
  // `cat ~/.ssh/$key`
  const text = isKnown(word) ? word : /^.*\/(?=[^/]*$)/.exec(word.prefix)?.[0];
  if (text === undefined || text === "" || text.length > 4_096) return [];
  const bare = text.replace(/^(if=|[\w-]*=?@|--?[\w-]+=|\w*:(?=[^/]))/, "");
  return [...new Set([text, bare])].flatMap((one): readonly Origin[] => {
    const path = resolvePath(cwd, one);
    if (one === "" || !isKnown(path)) return [];
    const isFolder = !isKnown(word);
    const secret =
      isWhole || isFolder ? findSecret(path, world) : isSecretFile(path, world) ? path : undefined;
    if (secret !== undefined) return [{ file: secret, isSecret: true }];
    const content = world.readFile(path, 1);
    if (!content.ok) return originsOf(content.reason);
    return holdsCredentials(path, world) ? [{ file: path, isSecret: false }] : [];
  });
}

/** Whether the session has found any in it, by now. */
export function holdsCredentials(path: string, { provenance, realpath }: World): boolean {
  const kept = provenance?.keptIn(realpath(path), false) ?? [];
  return kept !== "loading" && kept.length > 0;
}

function stdinOrigins(
  stdin: Command["stdin"],
  cwd: string | Arg,
  tool: string,
  world: World,
): readonly Origin[] {
  switch (stdin.kind) {
    case "text":
      return [
        ...originsOf(stdin.origin ?? ""),
        // `echo .env | xargs cat`
        ...(tool === "xargs"
          ? stdin.text
              .slice(0, 8_192)
              .split(/\s+/)
              .flatMap((word) => originsIn(word, cwd, world, false))
          : []),
      ];
    case "unknown":
      return originsOf(stdin.reason);
    case "file":
      return originsIn(stdin.path, cwd, world, false);
    default:
      return [];
  }
}

/** `grep TOKEN .env` and `cat .env | grep TOKEN` say what is taken of the file; who said so first counts. */
function withKeys(origins: readonly Origin[], keys: readonly string[]): readonly Origin[] {
  if (keys.length === 0) return origins;
  return origins.flatMap((one) => (one.key === undefined ? keys.map((key) => ({ ...one, key })) : [one]));
}

function reasonOf(origins: readonly Origin[]): string | undefined {
  if (origins.length === 0) return undefined;
  return [...new Set(origins.map(fromOrigin))].slice(0, 20).join(", ");
}

function secretFiles(origins: readonly Origin[]): readonly string[] {
  return [...new Set(origins.flatMap(({ file, isSecret }) => (isSecret ? [file] : [])))];
}

function spelledIn(word: Arg): readonly Origin[] {
  return isKnown(word) ? [] : originsOf(word.reason);
}
