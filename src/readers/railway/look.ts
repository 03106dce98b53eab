import { type Arg, isKnown } from "../../model/arg.js";

/**
 * Whether a command for another machine only looks: every program in it is one that cannot but read, and its words mean
 * nothing to a shell. Whatever is not known for certain does not only look.
 */
export function onlyLooks(words: readonly Arg[]): boolean {
  if (words.length === 0 || !words.every(isKnown)) return false;
  const text = words.filter(isKnown).join(" ").replace(harmlessRedirect, " ");
  return (
    !meansMore.test(text) && text.split(/&&|\|\||[;|]/).every((part) => isLook(part.trim().split(/\s+/)))
  );
}

const harmlessRedirect = /\s2>(?:\/dev\/null(?=\s|$)|&1)/g;
/** Substitutions, redirections, quotes, groups, other lines; `&` alone starts what nobody waits for. */
const meansMore = /[`$<>(){}\\\n\r"']|(?<!&)&(?!&)/;

function isLook([name = "", ...args]: readonly string[]): boolean {
  if (args.length === 1 && /^(--version|--help)$/.test(args[0] ?? "")) return /^[\w.+-]+$/.test(name);
  const mayNot = looks.get(name);
  return mayNot !== undefined && !args.some((arg) => mayNot.test(arg));
}

const anything = /(?!)/;
const anyWord = /^[^-]/;
/** Programs that only read, with the arguments that make more of them. */
const looks: ReadonlyMap<string, RegExp> = new Map([
  ...(
    "ls pwd whoami id uname uptime ps df du free cat head tail wc stat grep egrep fgrep zcat cut tr echo which printenv " +
    "nproc netstat readlink realpath basename dirname true lscpu lsblk md5sum sha256sum nslookup getent top zgrep rev"
  )
    .split(" ")
    .map((name) => [name, anything] as const),
  // A word would be another name for the machine, a program to start, a file to write.
  ["hostname", /^[^-]|^-[a-zA-Z]*[bF]|^--(b|fi)/],
  ["env", /^(?!-0$)/],
  ["date", /^[^+-]|^-[a-zA-Z]*s|^--s/],
  ["sort", /^-[a-zA-Z]*o|^--(o|com|t)|^-T/],
  ["uniq", anyWord],
  ["find", /^-(delete|exec|execdir|ok|okdir|fprint|fprint0|fprintf|fls)$/],
]);
