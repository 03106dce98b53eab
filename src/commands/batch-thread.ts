import { parentPort, workerData } from "node:worker_threads";
import * as v from "valibot";
import { openLane } from "./batch-lane.js";
import { serveJobs } from "./batch-threads.js";
import { openJudgeWorld } from "./judge-world.js";
import { findPlaces } from "./places.js";
import { loadScoped } from "./scoped.js";

// One more thread of `explain --batch`: lists of requests come in as messages, lists of answers go back.
const { cwd, config, scope } = v.parse(
  v.object({ cwd: v.string(), config: v.optional(v.string()), scope: v.optional(v.string()) }),
  workerData,
);
const places = findPlaces(process.env);
void loadScoped(places, config, { cwd, env: process.env, named: scope }).then((loaded) => {
  if (parentPort === null) return;
  const lane = openLane(loaded, openJudgeWorld(loaded, places, cwd), { cwd, env: process.env });
  return serveJobs(parentPort, lane);
});
