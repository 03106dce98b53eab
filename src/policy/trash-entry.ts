import * as v from "valibot";
import { type TrashSetting, usualTrash } from "../model/trash.js";
import { durationPattern, parseDuration } from "./duration.js";

const sizePattern = /^(\d+(?:\.\d+)?)(MB|GB|TB)$/;

/** The user config's `trash`: `off`, or its limits. YAML's older readers make `false` of a bare `off`. */
export const trashEntry = v.union(
  [
    v.literal("off"),
    v.literal(false),
    v.strictObject({
      max: v.optional(v.pipe(v.string(), v.regex(sizePattern))),
      keep: v.optional(v.pipe(v.string(), v.regex(durationPattern))),
    }),
  ],
  'must be "off", or limits: { max: 5GB, keep: 7d }',
);

/** Undefined: there is no trash. */
export function toTrash(entry: v.InferOutput<typeof trashEntry> | undefined): TrashSetting | undefined {
  if (entry === "off" || entry === false) return undefined;
  const { max, keep } = entry ?? {};
  return {
    max: (max === undefined ? undefined : parseSize(max)) ?? usualTrash.max,
    keep: (keep === undefined ? undefined : parseDuration(keep)) ?? usualTrash.keep,
  };
}

const units: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, TB: 1e12 };

function parseSize(text: string): number | undefined {
  const [, count, unit] = sizePattern.exec(text) ?? [];
  const size = units[unit ?? ""];
  return size === undefined ? undefined : Number(count) * size;
}
