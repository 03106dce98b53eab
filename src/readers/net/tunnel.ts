import { isKnown } from "../../model/arg.js";
import { opaqueEffect } from "../../model/effect.js";
import { effects, type Reader } from "../reader.js";

/** A connection that the network layer cannot read: argv is `host:port`, and why. */
export const netTunnel: Reader = {
  names: ["net/tunnel"],
  read(call) {
    const [, target = "", reason = ""] = call.argv.map((word) => (isKnown(word) ? word : ""));
    return effects({ ...opaqueEffect("net/tunnel", target, reason, false), certainty: "certain" });
  },
};
