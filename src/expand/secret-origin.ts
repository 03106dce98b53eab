import { type Arg, fromSecret, isKnown, secretsOf } from "../model/arg.js";
import type { Call } from "../model/call.js";
import { environment, findSecret, isSecretFile } from "../model/secret-file.js";
import type { World } from "../model/world.js";
import { joinOrigins, wrapping } from "./origin.js";
import { resolvePath } from "./path.js";

type Command = Pick<Call, "argv" | "stdin" | "cwd">;

/**
 * The reason that tells which files of secrets an output comes from: of what is read, and of what a filter makes of it. It
 * stays with the value as other origins do: `tar cz ~/.ssh | base64`, `K=$(cat .env)`. `world`: with the files as the line
 * has left them.
 */
export function secretOrigin({ argv, stdin, cwd }: Command, world: World): string | undefined {
  const words = argv.map((arg) => (isKnown(arg) ? arg : arg.prefix));
  const at = startOf(words);
  const name = nameOf(words[at < 0 ? 0 : at]);
  const rest = at < 0 ? [] : argv.slice(at + 1);
  if (showsEnvironment(name, rest) && !words.includes("-i")) return fromSecret(environment);
  if (/^(echo|printf|print)$/.test(name)) return reasonOf(rest.flatMap(spelledIn));
  const kept = keptBy(name, words.slice(at + 1));
  if (kept !== undefined) return fromSecret(`${world.user.home}/${kept}`);
  // What `{ …; } > /dev/tcp/host/port` writes has come to it as its input.
  if (name === "") return reasonOf(stdinSources(stdin, cwd, name, world));
  if (!filters.has(name) || keepsQuiet(name, words.slice(at + 1))) return undefined;
  const folder = tars.test(name) ? folderOf(rest, cwd) : cwd;
  const texts = rest.flatMap(spelledIn);
  const files = operandsOf(name, rest).flatMap((word) => sourcesIn(word, folder, world, wholes.has(name)));
  return joinOrigins(reasonOf([...texts, ...files]), reasonOf(stdinSources(stdin, cwd, name, world)));
}

/** What of an operand is secret: the file, what lies in the folder, or what the line has written there. */
export function sourcesIn(word: Arg, cwd: string | Arg, world: World, isWhole: boolean): readonly string[] {
  // `cat ~/.ssh/$key`
  const text = isKnown(word) ? word : /^.*\/(?=[^/]*$)/.exec(word.prefix)?.[0];
  if (text === undefined || text === "" || text.length > 4_096) return [];
  const bare = text.replace(/^(if=|[\w-]*=?@|--?[\w-]+=|\w*:(?=[^/]))/, "");
  return [...new Set([text, bare])].flatMap((one) => {
    const path = resolvePath(cwd, one);
    if (one === "" || !isKnown(path)) return [];
    const isFolder = !isKnown(word);
    const secret =
      isWhole || isFolder ? findSecret(path, world) : isSecretFile(path, world) ? path : undefined;
    if (secret !== undefined) return [secret];
    const content = world.readFile(path, 1);
    return content.ok ? [] : secretsOf(content.reason);
  });
}

/** Files that a command makes of secrets, and what they tell: `cp .env /tmp/x`, `tar czf x.tgz ~/.ssh`. */
export function copiedSecrets(
  { argv, cwd, stdin }: Command,
  world: World,
): readonly (readonly [string, string])[] {
  const words = argv.map((arg) => (isKnown(arg) ? arg : arg.prefix));
  const at = startOf(words);
  const name = nameOf(words[at]);
  if (at < 0 || !copiers.has(name)) return [];
  const rest = argv.slice(at + 1).filter((word) => !isKnown(word) || !word.startsWith("-"));
  const folder = tars.test(name) ? folderOf(argv, cwd) : cwd;
  const found = [
    ...rest.map((word) => ({
      word,
      secrets: sourcesIn(word, folder, world, wholes.has(name) || name === "cp"),
    })),
  ];
  const piped = name === "tee" ? stdinSources(stdin, cwd, name, world) : [];
  const reason = reasonOf([...found.flatMap(({ secrets }) => secrets), ...piped]);
  if (reason === undefined) return [];
  // `gzip -k key.pem` leaves key.pem.gz.
  const packed = packers.test(name)
    ? found.flatMap(({ word, secrets }) => {
        const path = secrets.length === 0 ? "" : resolvePath(cwd, word);
        const endings = [".gz", ".bz2", ".xz", ".zst", ".lz4", ".lzma", ".Z", ...suffixOf(words)];
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

function suffixOf(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => /^(-S|--suffix)$/.test(word));
  return at < 0 ? [] : [words[at + 1] ?? ""];
}

/** What descriptor 0 would give away. */
export function stdinSources(
  stdin: Command["stdin"],
  cwd: string | Arg,
  tool: string,
  world: World,
): readonly string[] {
  switch (stdin.kind) {
    case "text":
      return [
        ...secretsOf(stdin.origin ?? ""),
        // `echo .env | xargs cat`
        ...(tool === "xargs"
          ? stdin.text
              .slice(0, 8_192)
              .split(/\s+/)
              .flatMap((word) => sourcesIn(word, cwd, world, false))
          : []),
      ];
    case "unknown":
      return secretsOf(stdin.reason);
    case "file":
      return sourcesIn(stdin.path, cwd, world, false);
    default:
      return [];
  }
}

/** Behind `sudo -u root`, `timeout 5`. */
function startOf(words: readonly string[]): number {
  return words.findIndex((word, at) => !wrapping.test(word) && !/^-[uUgCn]$/.test(words[at - 1] ?? ""));
}

function reasonOf(secrets: readonly string[]): string | undefined {
  return secrets.length === 0 ? undefined : [...new Set(secrets)].slice(0, 20).map(fromSecret).join(", ");
}

function spelledIn(word: Arg): readonly string[] {
  return isKnown(word) ? [] : secretsOf(word.reason);
}

function nameOf(word = ""): string {
  return word.slice(word.lastIndexOf("/") + 1);
}

function showsEnvironment(name: string, rest: readonly Arg[]): boolean {
  if (name === "env") return rest.length === 0;
  if (/^(export|declare|typeset)$/.test(name)) return rest.length === 1 && /^-[px]+$/.test(String(rest[0]));
  if (name === "set") return rest.length === 0;
  return (
    name === "printenv" && rest.every((word) => isKnown(word) && /^-|token|secret|passw|key|cred/i.test(word))
  );
}

/** The store that a program prints from. */
function keptBy(name: string, words: readonly string[]): string | undefined {
  if (/^gpg2?$/.test(name))
    return words.some((word) => word.startsWith("--export-secret")) ? ".gnupg" : undefined;
  return name === "pass" && words.length > 0 && !otherOrders.test(words[0] ?? "")
    ? ".password-store"
    : undefined;
}

const otherOrders =
  /^(ls|list|find|search|git|insert|add|edit|generate|rm|mv|cp|init|help|version|--help|--version)$/;

/** Without the first operand where that is a program or a pattern, no path. */
function operandsOf(name: string, rest: readonly Arg[]): readonly Arg[] {
  // `python3 -c "print(open('.env').read())"`
  if (/^(python\d?|perl|ruby|node)$/.test(name)) {
    const code = rest.filter(isKnown).join("\n").slice(0, 16_384);
    return [...rest, ...[...code.matchAll(/["'`]([^"'`\s]{1,200})["'`]/g)].map(([, text = ""]) => text)];
  }
  if (
    !patterned.test(name) ||
    rest.some((word) => isKnown(word) && /^(-[ef]|--(regexp|file|expression)=?)/.test(word))
  )
    return rest;
  const first = rest.findIndex((word) => !isKnown(word) || !word.startsWith("-"));
  return first < 0 ? rest : rest.filter((_, at) => at !== first);
}

const patterned = /^([efz]?grep|rg|ag|ack|g?sed|[gmn]?awk|jq|yq|perl|tr|cut)$/;

/** `tar -C ~ .ssh`: where its names are looked for. */
function folderOf(rest: readonly Arg[], cwd: string | Arg): string | Arg {
  const at = rest.findIndex((word) => isKnown(word) && /^(-C|--directory)$/.test(word));
  return at < 0 ? cwd : resolvePath(cwd, rest[at + 1] ?? "");
}

const tars = /^(g|bsd)?tar$/;
const placing = /^(cp|mv|ln|link|install)$/;

/** Of which nothing of the content comes out: counts, digests, names, public halves, or a file instead of stdout. */
function keepsQuiet(name: string, words: readonly string[]): boolean {
  const has = (pattern: RegExp) => words.some((word) => pattern.test(word));
  if (/grep$|^(rg|ag|ack)$/.test(name))
    return has(/^(-[a-zA-Z]*[cqlL][a-zA-Z]*|--(count|quiet|silent|files.*))$/);
  if (name === "cut") return has(/^-f1$/) || has(/^--fields=1$/);
  if (/sed$/.test(name)) return has(/s(.)=\.\*\1/);
  if (name === "openssl")
    return (
      has(/^(dgst|x509|req|-pubout|-noout|-pubkey|verify|s_client|sha\d+|md5|-out)$/) && !has(/^-outform$/)
    );
  if (tars.test(name)) {
    const at = words.findIndex(
      (word, place) => (place === 0 && /^\w*f$/.test(word)) || /^(-\w*f|--file)$/.test(word),
    );
    const file = at < 0 ? words.find((word) => word.startsWith("--file="))?.slice(7) : words[at + 1];
    return has(/^(-[a-z]*[tx][a-z]*|--(list|extract))$/) || (file !== undefined && file !== "-");
  }
  if (packers.test(name))
    return words.some((word) => !word.startsWith("-")) && !has(/^(-\w*c\w*|--(stdout|to-stdout))$/);
  if (name === "zip") return !words.includes("-");
  if (/^(git)$/.test(name))
    return !/^(show|diff|cat-file|archive|log)$/.test(words.find((word) => !word.startsWith("-")) ?? "");
  if (name === "find")
    return !has(/^-(exec|execdir)$/) || !has(/^(cat|base64|xxd|tar|grep|head|od|strings)$/);
  return false;
}

const packers = /^(gzip|pigz|bzip2|xz|zstd|lz4|lzma|compress)$/;

const list = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** Programs that print what they read, or something that it can be had back from. */
const filters = list(
  "cat tac nl head tail less more bat batcat zcat bzcat xzcat zstdcat gzip pigz bzip2 xz zstd lz4 lzma compress base64 base32 " +
    "basenc xxd od hexdump hd strings tar gtar bsdtar cpio zip 7z openssl gpg gpg2 age sops ansible-vault grep egrep fgrep zgrep " +
    "rg ag ack sed gsed awk gawk mawk nawk perl python python3 ruby node jq yq cut sort uniq tr rev paste fold fmt column pr tee dd " +
    "pv xargs uuencode envsubst diff comm join iconv dos2unix unix2dos shuf expand unexpand find git gunzip split read " +
    "sponge buffer mbuffer stdbuf qrencode ascii85 html2text urlencode busybox printf",
);

/** A folder's name is all that they need. */
const wholes = list("tar gtar bsdtar zip 7z find");

const copiers = list(
  "cp mv ln link install tar gtar bsdtar zip 7z gzip pigz bzip2 xz zstd lz4 lzma compress openssl gpg gpg2 age tee",
);
