import { batch } from "./batch.js";
import { builds } from "./builds.js";
import { exec } from "./exec.js";
import { floods } from "./floods.js";
import { memory } from "./memory.js";
import { net } from "./net.js";
import { sandbox } from "./sandbox.js";
import { scripts } from "./scripts.js";
import { start } from "./start.js";

/** Name → measure; `long` ones are left out of the short form. */
export const measures = {
  exec: { measure: exec },
  floods: { measure: floods, long: true },
  start: { measure: start },
  batch: { measure: batch },
  net: { measure: net, long: true },
  sandbox: { measure: sandbox, long: true },
  memory: { measure: memory, long: true },
  builds: { measure: builds, long: true },
  ...scripts,
};
