import { createHash } from "node:crypto";
import type { GitView } from "../model/world.js";
import { openGit } from "./git-process.js";
import { askQuery } from "./git-query.js";
import { openIgnores } from "./ignore.js";
import { openIndexes } from "./index-entries.js";
import { findRepository } from "./repository.js";
import type { StartChanges } from "./start-changes.js";

export interface GitOptions {
  /** Absolute path of the real git; undefined where there is none, and then every answer is a reason. */
  readonly program: string | undefined;
  readonly home: string;
  readonly startedAt: number;
  readonly workspace: string;
  readonly changes: StartChanges;
  /** The session began before this. */
  readonly isLate?: boolean;
  /** Told of an answer that is not there yet. */
  readonly onMissing: (answer: Promise<void>) => void;
}

export function openGitView(options: GitOptions): GitView {
  const { program, home, startedAt, workspace, changes, isLate = false, onMissing } = options;
  const git = openGit(program, home);
  const tracked = openIndexes(git);
  return {
    repository(path) {
      const found = findRepository(path);
      return found && { top: found.top, gitDir: found.gitDir };
    },
    tracked,
    blobId(bytes, algorithm = "sha1") {
      return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
    },
    ignoredSinceStart: openIgnores({ git, startedAt, workspace, home, isLate, tracked }),
    isOwnChange(top, relative) {
      const answer = changes.isOwnChange(top, relative, startedAt);
      if (answer === undefined) onMissing(changes.look());
      return answer;
    },
    query: (cwd, args) => askQuery(git, cwd, args),
  };
}
