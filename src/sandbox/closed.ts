import type { Effect } from "../model/effect.js";
import type { Judgement } from "../model/judgement.js";
import { isWithin } from "../scope/globs.js";
import { nearest } from "./mounts.js";
import type { SandboxPlan } from "./plan.js";

/** Whether nobody inside can change what lies at a real path. */
export function closedBy({ mounts, scratches }: SandboxPlan): (path: string) => boolean {
  const byPath = new Map(mounts.map((mount) => [mount.path, mount]));
  return (path) => {
    if (scratches.some(({ target }) => isWithin(path, target))) return false;
    const kind = nearest(byPath, path)?.kind ?? "read";
    return kind === "read" || kind === "empty-folder" || kind === "empty-file";
  };
}

/** What no answer could let happen is not asked about: it is denied, and the agent told why. */
export function withoutIdleQuestions(judgement: Judgement, isClosed: (path: string) => boolean): Judgement {
  if (judgement.verdict !== "ask") return judgement;
  const matches = judgement.matches.map((match) => {
    const effect = judgement.effects[match.effect];
    return match.verdict === "ask" && effect !== undefined && changesFile(effect) && isClosed(effect.target)
      ? { ...match, verdict: "deny" as const, because, instead, back: undefined }
      : match;
  });
  return matches.some(({ verdict }) => verdict === "deny")
    ? { ...judgement, verdict: "deny", matches }
    : judgement;
}

function changesFile({ resource, action, target }: Effect): boolean {
  return resource === "file" && action !== "read" && target.startsWith("/");
}

const because = "The sandbox has it read-only, whoever would allow it.";
const instead =
  "Work in what is writable inside: the workspace, /tmp. A person opens more by sandbox.write in the config, or files.write in a trusted manifest.";
