import * as v from "valibot";
import type { Action, Recovery } from "../model/effect.js";
import type { Deed } from "../model/knowledge.js";
import type { Case } from "./case.js";

export type KnowledgeResult<T> =
  | { readonly ok: true; readonly value: T; readonly cases: readonly Case[] }
  /** Each `file:line:column: message`. */
  | { readonly ok: false; readonly problems: readonly string[] };

export const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));
export const list = v.optional(v.array(text), []);
export const oneOrMore = v.union([
  v.array(text),
  v.pipe(
    text,
    v.transform((one) => [one]),
  ),
]);

/** `{delete: deletes a volume and its data}`: the action is the key, its reason the value. */
export const deedEntries = {
  read: v.optional(text),
  create: v.optional(text),
  modify: v.optional(text),
  delete: v.optional(text),
  execute: v.optional(text),
  grant: v.optional(text),
  send: v.optional(text),
  recovery: v.optional(v.picklist(["git", "recreate", "trash", "backup", "none", "unknown", "needless"])),
};
export type RawDeed = v.InferOutput<v.ObjectSchema<typeof deedEntries, undefined>>;

const actions = ["read", "create", "modify", "delete", "execute", "grant", "send"] as const;
export const countDeeds = (raw: RawDeed): number =>
  actions.filter((action) => raw[action] !== undefined).length;
export const oneDeed = `needs exactly one of ${actions.join(", ")}`;

export function compileDeed(raw: RawDeed): Deed {
  const action = actions.find((one) => raw[one] !== undefined) ?? "execute";
  return { action, recovery: raw.recovery ?? usualRecovery(action), because: raw[action] ?? "" };
}

function usualRecovery(action: Action): Recovery {
  if (action === "delete") return "none";
  return action === "execute" || action === "grant" ? "unknown" : "needless";
}
