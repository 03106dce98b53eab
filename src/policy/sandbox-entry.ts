import * as v from "valibot";
import { type SandboxSetting, sharedNames, usualSandbox } from "../model/sandbox-setting.js";
import { meant } from "./meant.js";

/** A path is mounted as it is: what looks like a glob, or climbs, would open something else than it seems to say. */
const pathEntry = v.pipe(
  v.string(),
  v.regex(
    /^(?!\/+$)(?!~[^/])(?!(?:.*\/)?\.\.?(?:\/|$))[^*?\\$\n]+$/,
    "must be a path without wildcards: absolute, from the home (~/.config/x) or from the workspace (build), and not / itself",
  ),
);
const paths = v.optional(v.array(pathEntry));
const choice = v.optional(v.picklist(["private", "shared"], 'must be "private" or "shared"'));

const entries = {
  always: v.optional(v.boolean("must be true or false")),
  write: paths,
  read: paths,
  hide: paths,
  tmp: choice,
  caches: choice,
  share: v.optional(
    v.array(v.picklist(sharedNames, ({ input }) => `must be a service${meant(String(input), sharedNames)}`)),
  ),
  loopback: v.optional(
    v.array(
      v.pipe(
        v.number("must be a port: 5432"),
        v.integer("must be a port: 5432"),
        v.minValue(1, "must be a port: 5432"),
        v.maxValue(65535, "must be a port: 5432"),
      ),
    ),
  ),
};

/** The user config's `sandbox`. */
export const sandboxEntry = v.strictObject(entries, ({ expected, input }) => {
  if (expected === "never") return `is not known${meant(String(input), Object.keys(entries))}`;
  return `must be keys with values: ${Object.keys(entries).join(", ")}`;
});

export function toSandbox(entry: v.InferOutput<typeof sandboxEntry> | undefined): SandboxSetting {
  const { always, write, read, hide, tmp, caches, share, loopback } = entry ?? {};
  return {
    always: always ?? usualSandbox.always,
    write: write ?? usualSandbox.write,
    read: read ?? usualSandbox.read,
    hide: hide ?? usualSandbox.hide,
    tmp: tmp ?? usualSandbox.tmp,
    caches: caches ?? usualSandbox.caches,
    share: share ?? usualSandbox.share,
    loopback: loopback ?? usualSandbox.loopback,
  };
}
