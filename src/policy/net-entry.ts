import * as v from "valibot";
import { type NetSetting, usualNet } from "../model/net-setting.js";

const hostPattern = /^(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$|^[0-9a-fA-F:.]+$/;

/** The user config's `net`. */
export const netEntry = v.strictObject({
  always: v.optional(v.boolean("must be true or false")),
  untouched: v.optional(
    v.array(v.pipe(v.string(), v.regex(hostPattern, "must be a host's name, or *. and a domain"))),
  ),
});

export function toNet(entry: v.InferOutput<typeof netEntry> | undefined): NetSetting {
  const { always, untouched } = entry ?? {};
  return {
    always: always ?? usualNet.always,
    untouched: untouched?.map((host) => host.toLowerCase()) ?? usualNet.untouched,
  };
}
