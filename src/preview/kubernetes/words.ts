import { type Arg, isKnown } from "../../model/arg.js";

/** What a `kubectl delete` is aimed at. */
export interface Aim {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
  /** Kinds and names, as they stand: `pods`, `web-1`; `pvc/data`. */
  readonly words: readonly string[];
  /** `-l`, `--field-selector`, `-A`: they choose the same for `get`. */
  readonly filters: readonly string[];
}

/** Throws where a word may change what is meant and is not known here. */
export function readAim(argv: readonly Arg[]): Aim {
  const words: string[] = [];
  const filters: string[] = [];
  const places = new Map<string, string>();
  const known = argv.slice(1).map((word) => {
    if (!isKnown(word)) throw new Error(`${word.source} is known only when the call runs`);
    return word;
  });
  for (let at = 0; at < known.length; at += 1) {
    const word = known[at] ?? "";
    if (!word.startsWith("-") || word === "-") {
      words.push(word);
      continue;
    }
    const [, long, short, rest] = /^(?:(--[\w-]+)|(-\w))(=?.*)$/s.exec(word) ?? [];
    const name = long ?? short ?? word;
    const value = () => {
      if (rest !== undefined && rest !== "") return rest.replace(/^=/, "");
      at += 1;
      return known[at] ?? "";
    };
    const place = placed[name];
    if (place !== undefined) places.set(place, value());
    else if (chosen.has(name)) filters.push(`${chosen.get(name)}=${value()}`);
    else if (name === "-A" || name === "--all-namespaces") filters.push(`--all-namespaces${rest || ""}`);
    else if (valued.has(name)) value();
    else if (/^(-f|-k|--filename|--kustomize)$/.test(name))
      throw new Error("what the files name is not looked up");
    else if (!idle.has(name)) throw new Error(`${name} is not known here`);
  }
  if (words[0] !== "delete" || words.length < 2) throw new Error("what it names is not known here");
  return { ...Object.fromEntries(places), words: words.slice(1), filters };
}

const placed: Readonly<Record<string, string>> = {
  "--kubeconfig": "kubeconfig",
  "--context": "context",
  "--cluster": "cluster",
  "--user": "user",
  "-n": "namespace",
  "--namespace": "namespace",
};
const chosen: ReadonlyMap<string, string> = new Map([
  ["-l", "--selector"],
  ["--selector", "--selector"],
  ["--field-selector", "--field-selector"],
]);
const valued: ReadonlySet<string> = new Set([
  "--grace-period",
  "--timeout",
  "-o",
  "--output",
  "--request-timeout",
]);
/** How it is done, and not to what. */
const idle: ReadonlySet<string> = new Set([
  "--all",
  "--force",
  "--now",
  "--wait",
  "--cascade",
  "--ignore-not-found",
]);
