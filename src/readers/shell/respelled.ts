import { type Arg, isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { toolName } from "../file-effects.js";
import { inner, nothing, type Reader } from "../reader.js";

/** Programs whose words are those of another one: they are read as that, where no shim of its stands in between. */
export const respelled: Reader = {
  names: ["curlie", "restish", "httpx", "gql-cli", "tsh", "mongocli", "dbfs", "aiven-client"],
  read(call) {
    const words = call.argv.slice(1);
    if (words.includes("--help") || words.includes("--version")) return nothing;
    const argv = spellings[toolName(call)]?.(words, call);
    return argv === undefined ? nothing : inner({ kind: "call", argv, via: toolName(call), sight: "never" });
  },
};

type Spell = (words: readonly Arg[], call: Call) => readonly Arg[] | undefined;

const spellings: Readonly<Record<string, Spell>> = {
  /** Options of curl, but the method and the items of HTTPie: `curlie DELETE host/x`, `curlie -X DELETE host/x`. */
  curlie: (words) => [words.some(isMethod) && !words.some(isMethodOption) ? "http" : "curl", ...words],
  /** `restish delete host/x`; what its own config names is no address here. */
  restish: ([first, ...rest]) => {
    if (first === undefined || !isKnown(first)) return undefined;
    const isVerb = /^(get|head|post|put|patch|delete|options)$/.test(first);
    return isVerb ? ["curl", "-X", first.toUpperCase(), ...rest] : ["curl", first, ...rest];
  },
  /** Python's client: `httpx host/x -m DELETE`. Another program of that name has options of all kinds. */
  httpx: (words) => {
    const at = words.findIndex((word) => word === "-m" || word === "--method");
    const method = words[at + 1];
    const address = words.find((word) => isKnown(word) && /^https?:/.test(word));
    return at < 0 || method === undefined || address === undefined
      ? undefined
      : ["curl", "-X", method, address];
  },
  /** Teleport's: `tsh ssh --cluster c host command`. */
  tsh: ([first, ...rest]) => (first === "ssh" ? ["ssh", ...rest] : undefined),
  mongocli: ([first, ...rest]) => (first === "atlas" ? ["atlas", ...rest] : ["atlas", first ?? "", ...rest]),
  dbfs: (words) => ["databricks", "fs", ...words],
  "aiven-client": (words) => ["avn", ...words],
  /** The request's text comes on stdin. */
  "gql-cli": (words) => {
    const address = words.find((word) => isKnown(word) && /^(https?|wss?):/.test(word));
    if (address === undefined || words.includes("--print-schema")) return undefined;
    const url = isKnown(address) ? address.replace(/^ws/, "http") : address;
    return ["curl", "-H", "content-type: application/graphql", "--data-binary", "@-", url];
  },
};

function isMethod(word: Arg): boolean {
  return isKnown(word) && /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|PURGE)$/.test(word);
}

function isMethodOption(word: Arg): boolean {
  return isKnown(word) && /^(-X|--request)/.test(word);
}
