import type { Deed } from "../../model/knowledge.js";
import { splitPath } from "../path-pattern.js";
import { textOf, type Value, valueAt } from "../value.js";
import { isDestructiveName, isDestructiveStart, isInterruptingName, splitWords } from "../verbs.js";

/** A request that a path's table says nothing about. */
export interface RestMessage {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** The body, as far as it is JSON or a form; null without one. */
  readonly fields: Value;
  readonly soapAction: string;
}

/** What it does by the convention of REST, by an action that it names, and by the nouns and verbs in its path. */
export function readRestDeed(message: RestMessage): Deed & { readonly type: string } {
  const { method } = message;
  const parts = splitPath(message.path);
  const last = lastWord(message.path);
  const type = nounOf(parts);
  const action = statedAction(message);
  if (action !== undefined) return { ...gone, type, because: `says "${action}"` };
  if (reading.has(method)) return { action: "read", recovery: "needless", type, because: "reads" };
  if (method === "DELETE" || method === "PURGE")
    return { ...gone, type, because: `deletes ${withArticle(type)}` };
  if (isDestructiveName(last) && !isPasswordReset(parts))
    return { ...gone, type: nounOf(parts.slice(0, -1)), because: `says "${last}"` };
  const inner = parts.slice(0, -1).find((part) => isDestructiveStart(part) && part.length < 40);
  if (inner !== undefined) return { ...gone, type, because: `says "${inner}"` };
  if (isInterruptingName(last) && parts.length > 1) {
    const because = `says "${last}": it stops or switches something off`;
    return { action: "modify", recovery: "recreate", type: nounOf(parts.slice(0, -1)), because };
  }
  if (givesAccess(parts))
    return { action: "grant", recovery: "unknown", type, because: `adds ${withArticle(type)}` };
  return { action: method === "POST" ? "send" : "modify", recovery: "needless", type, because: "" };
}

const gone = { action: "delete", recovery: "none" } as const;
const reading: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "OPTIONS",
  "TRACE",
  "PROPFIND",
  "REPORT",
  "SEARCH",
  "QUERY",
]);

/** As written: verbs in camel case are words too. */
function lastWord(path: string): string {
  return path.split("/").findLast((part) => part !== "") ?? "";
}

/** `/users/7/password/reset` sends a letter. */
function isPasswordReset(parts: readonly string[]): boolean {
  return parts.at(-1) === "reset" && /passw|email|forgot/.test(parts.at(-2) ?? "");
}

/** `?action=delete`, `{"op": "remove"}`, JSON-RPC's method, SOAP's action: one plain destructive word, or it stands first. */
function statedAction({ query, fields, soapAction, method }: RestMessage): string | undefined {
  const parameters = new URLSearchParams(query.slice(0, 8192));
  for (const [name, value] of parameters)
    if (actionParameter.has(name.toLowerCase()) && isDestructiveStart(value)) return value;
  if (reading.has(method)) return undefined;
  const soap = soapAction.replace(/"/g, "").split(/[/#:]/).at(-1) ?? "";
  if (isDestructiveStart(soap)) return soap;
  const batch = valueAt(fields, "*");
  for (const message of batch?.kind === "list" ? batch.items.slice(0, 100) : [fields]) {
    const rpc = valueAt(message, "jsonrpc") === undefined ? undefined : textOf(valueAt(message, "method"));
    if (rpc !== undefined && isDestructiveName(rpc)) return rpc;
    for (const name of actionFields) {
      const value = textOf(valueAt(message, name));
      if (value !== undefined && value.length < 60 && isDestructiveStart(value)) return value;
    }
  }
  return undefined;
}

const actionParameter: ReadonlySet<string> = new Set([
  "_method",
  "act",
  "action",
  "cmd",
  "command",
  "do",
  "method",
  "op",
  "operation",
  "task",
  "verb",
]);
const actionFields = ["action", "op", "operation", "command", "cmd", "act"];

/** Collections whose new members can do something that they could not do before. */
const access: ReadonlySet<string> = new Set(
  [
    "access-tokens access_tokens accesstokens acl acls api-keys api_keys apikeys api-tokens api_tokens collaborators",
    "credentials deploy_keys deploy-keys invitations invites member members memberships permissions personal_access_tokens",
    "role-assignments role_assignments roleassignments role-bindings rolebindings service-accounts service_accounts",
    "serviceaccounts ssh-keys ssh_keys tokens collaborator-invitations",
  ].flatMap((line) => line.split(" ")),
);

function givesAccess(parts: readonly string[]): boolean {
  return access.has(parts.at(-1) ?? "") || access.has(parts.at(-2) ?? "");
}

/** The noun that a path ends in, singular: `server` of `/v2/servers/42`. */
export function nounOf(parts: readonly string[]): string {
  const words = parts.filter(
    (part, at) => !/^(v\d[\w.]*|api|rest|actions)$/.test(part) && (at > 0 || !/^[\d.-]+$/.test(part)),
  );
  const [last = "", before = "", third = ""] = words.toReversed();
  const noun = (isPlural(before) ? before : pickNoun(last, before, third)).split(/[:.]/)[0] ?? "";
  return singular(splitWords(noun).join("-")) || "object";
}

/** `branches/main/protection` is a protection; `dashboard/abc` is a dashboard. */
function pickNoun(last: string, before: string, third: string): string {
  const isWord = (part: string) => /^[a-z][a-z_.-]+$/.test(part);
  if (isPlural(last) || (isPlural(third) && isWord(last))) return last;
  return isWord(before) ? before : isWord(last) ? last : before;
}

function withArticle(noun: string): string {
  return `${/^[aeio]/.test(noun) ? "an" : "a"} ${noun}`;
}

function isPlural(word: string): boolean {
  return /^[a-z_-]{2,}s$/.test(word) && !/(ss|us|is|news|kubernetes)$/.test(word);
}

function singular(noun: string): string {
  if (!isPlural(noun)) return noun;
  if (/ies$/.test(noun)) return noun.replace(/ies$/, "y");
  return noun.replace(/(ss|sh|ch|x)es$/, "$1").replace(/(?<!s)s$/, "");
}
