import type { Arg } from "../model/arg.js";
import { isKnown } from "../model/arg.js";
import { wrapping } from "./origin.js";
import { resolvePath } from "./path.js";

/** Behind `sudo -u root`, `timeout 5`. */
export function startOf(words: readonly string[]): number {
  // A plain name that wraps nothing is nearly always the first word.
  return words.findIndex(
    (word, at) => !wrapping.test(word) && (at === 0 || !/^-[uUgCn]$/.test(words[at - 1] ?? "")),
  );
}

export function nameOf(word = ""): string {
  return word.slice(word.lastIndexOf("/") + 1);
}

export function showsEnvironment(name: string, rest: readonly Arg[]): boolean {
  if (name === "env") return rest.length === 0;
  if (/^(export|declare|typeset)$/.test(name)) return rest.length === 1 && /^-[px]+$/.test(String(rest[0]));
  if (name === "set") return rest.length === 0;
  return (
    name === "printenv" && rest.every((word) => isKnown(word) && /^-|token|secret|passw|key|cred/i.test(word))
  );
}

/** The store that a program prints from. */
export function keptBy(name: string, words: readonly string[]): string | undefined {
  if (/^gpg2?$/.test(name))
    return words.some((word) => word.startsWith("--export-secret")) ? ".gnupg" : undefined;
  return name === "pass" && words.length > 0 && !otherOrders.test(words[0] ?? "")
    ? ".password-store"
    : undefined;
}

const otherOrders =
  /^(ls|list|find|search|git|insert|add|edit|generate|rm|mv|cp|init|help|version|--help|--version)$/;

/** Without the first operand where that is a program or a pattern, no path. */
export function operandsOf(name: string, rest: readonly Arg[]): readonly Arg[] {
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
export function folderOf(rest: readonly Arg[], cwd: string | Arg): string | Arg {
  const at = rest.findIndex((word) => isKnown(word) && /^(-C|--directory)$/.test(word));
  return at < 0 ? cwd : resolvePath(cwd, rest[at + 1] ?? "");
}

export const tars = /^(g|bsd)?tar$/;
export const placing = /^(cp|mv|ln|link|install)$/;

/** Of which nothing of the content comes out: counts, digests, names, public halves, or a file instead of stdout. */
export function keepsQuiet(name: string, words: readonly string[]): boolean {
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

export const packers = /^(gzip|pigz|bzip2|xz|zstd|lz4|lzma|compress)$/;

const list = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** Programs that print what they read, or something that it can be had back from. */
export const filters = list(
  "cat tac nl head tail less more bat batcat zcat bzcat xzcat zstdcat gzip pigz bzip2 xz zstd lz4 lzma compress base64 base32 " +
    "basenc xxd od hexdump hd strings tar gtar bsdtar cpio zip 7z openssl gpg gpg2 age sops ansible-vault grep egrep fgrep zgrep " +
    "rg ag ack sed gsed awk gawk mawk nawk perl python python3 ruby node jq yq cut sort uniq tr rev paste fold fmt column pr tee dd " +
    "pv xargs uuencode envsubst diff comm join iconv dos2unix unix2dos shuf expand unexpand find git gunzip split read " +
    "sponge buffer mbuffer stdbuf qrencode ascii85 html2text urlencode busybox printf",
);

/** A folder's name is all that they need. */
export const wholes = list("tar gtar bsdtar zip 7z find");

export const copiers = list(
  "cp mv ln link install tar gtar bsdtar zip 7z gzip pigz bzip2 xz zstd lz4 lzma compress openssl gpg gpg2 age tee",
);
