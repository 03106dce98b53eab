import { join } from "node:path";
import { findAll } from "../proposal/find.js";
import { proposalText } from "../proposal/text.js";
import { openPrograms } from "../world/program.js";
import { findWorkspace } from "../world/workspace.js";
import type { InitTarget, Setup } from "./init-target.js";

/** The scope manifest of the folder where one is: proposed, for a person to finish. */
export const scope: InitTarget = {
  name: "scope",
  about: "this folder's holdpoint.yaml: what work here may read, change, never touch",
  onlyNew: true,
  file: (setup) => join(rootOf(setup), "holdpoint.yaml"),
  install: () => {},
  add: (_, setup) => ({ ok: true, text: proposal(setup) }),
  takeBack: (text) => ({ ok: true, text }),
  print: proposal,
  next: () => [
    "read it, sort what stands in comments; from the next session on it tightens",
    "holdpoint trust FILE, in a terminal of yours, lets it allow as well",
  ],
};

function rootOf({ folder, places }: Setup): string {
  return folder ?? findWorkspace(process.cwd(), places.home);
}

function proposal(setup: Setup): string {
  const { places, env } = setup;
  const git = openPrograms(undefined, () => false).findProgram("git", env["PATH"] ?? "");
  return proposalText(findAll({ root: rootOf(setup), home: places.home, env }, git));
}
