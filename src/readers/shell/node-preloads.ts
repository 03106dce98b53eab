import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { inner, nothing, type Reading } from "../reader.js";
import { wrap } from "../sight.js";

/**
 * `NODE_OPTIONS='--require ./x.js' npx tsc`: programs written for Node load first what that says, as `node` itself does. Of the
 * programs that no reader knows any could be one.
 */
export function readNodePreloads(call: Call, world: World): Reading {
  const options = envGet(call.env, "NODE_OPTIONS");
  const loads =
    options !== undefined && isKnown(options) && /(^|\s)(-r|--require|--import|--loader)\b/.test(options);
  return loads ? inner(...wrap(call, world, ["node", "-e", "0"], "NODE_OPTIONS")) : nothing;
}
