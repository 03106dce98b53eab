import { fingerprintOf } from "../model/fingerprint.js";
import type { Provenance, World } from "../model/world.js";
import { openAwsServices } from "./aws.js";
import { lstat, realpath } from "./file-system.js";
import { openGitView } from "./git.js";
import { openPrograms } from "./program.js";
import { loadSql, parseSql } from "./sql.js";
import { openStartChanges } from "./start-changes.js";
import { openUser } from "./user.js";
import { plainSight, type Sight } from "./view.js";

export interface WorldOptions {
  /** Milliseconds since the epoch; before the session's first process. */
  readonly startedAt: number;
  /** As `findWorkspace` gives it. */
  readonly workspace: string;
  readonly guardPaths: readonly string[];
  readonly home: string;
  readonly uid: number;
  /** $TMPDIR as it was outside the session. */
  readonly tmpdir: string | undefined;
  readonly shimDirectory: string | undefined;
  readonly shimmed: (name: string) => boolean;
  /** Secret, one session long. */
  readonly salt: string;
  /** Absolute path of the real git. */
  readonly gitProgram: string | undefined;
  /** Absolute path of the table of AWS operations that the build wrote; without one, names alone are judged. */
  readonly awsTable?: string;
  /** Handed what asks git which files hold nothing beyond it: a session does so before its first call is answered. */
  readonly onChanges?: (look: () => Promise<void>) => void;
  /** Where credentials lie; it says by the function what answers are on their way. Left out: nobody looks. */
  readonly provenance?: (onMissing: (answer: Promise<void>) => void) => Provenance;
  /** The session began before this is opened: how its files stood then is told by their times alone. */
  readonly isLate?: true;
  /** Left out: the session's processes see the files that this one sees. */
  readonly sight?: Sight;
}

/** Opened before the agent starts: the ignore rules of this moment are the ones that count. */
export function openWorld(options: WorldOptions): World {
  const { startedAt, home, uid, shimDirectory, shimmed, salt, gitProgram } = options;
  const workspace = realpath(options.workspace);
  const sight = options.sight ?? plainSight;
  const programs = openPrograms(shimDirectory, shimmed, sight.outside);
  let awaited: Promise<void> | undefined;
  const miss = (answer: Promise<void>) => {
    awaited = awaited === undefined ? answer : Promise.all([awaited, answer]).then(() => {});
  };
  const changes = openStartChanges({ program: gitProgram, home, workspace });
  options.onChanges?.(() => changes.look());
  return {
    user: openUser(uid, home),
    session: {
      startedAt,
      workspace,
      guardPaths: withRealPaths(options.guardPaths),
      temporary: findTemporary(options.tmpdir, [realpath(home), workspace]),
    },
    now: Date.now,
    lstat: sight.lstat,
    realpath: sight.realpath,
    readdir: sight.readdir,
    readFile: sight.readFile,
    git: openGitView({
      program: gitProgram,
      home,
      startedAt,
      workspace,
      changes,
      isLate: options.isLate === true,
      onMissing: miss,
    }),
    findProgram: programs.findProgram,
    isShimmed: programs.isShimmed,
    parseSql(text) {
      const parse = parseSql(text);
      if (parse.kind === "loading") miss(loadSql());
      return parse;
    },
    awaited() {
      const all = awaited;
      awaited = undefined;
      return all;
    },
    ...(options.provenance === undefined ? {} : { provenance: options.provenance(miss) }),
    ...(options.awsTable === undefined ? {} : { awsService: openAwsServices(options.awsTable) }),
    fingerprint: (value) => fingerprintOf(value, salt),
  };
}

function withRealPaths(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.flatMap((path) => [path, realpath(path)]))];
}

/** A $TMPDIR that holds the home or the work would make all of it temporary. */
function findTemporary(tmpdir: string | undefined, kept: readonly string[]): readonly string[] {
  const own = tmpdir?.startsWith("/") ? [realpath(tmpdir)] : [];
  const safe = own.filter((path) => path !== "/" && !kept.some((keep) => `${keep}/`.startsWith(`${path}/`)));
  const usual = ["/tmp", "/var/tmp", "/dev/shm"].filter((path) => lstat(path).exists).map(realpath);
  return [...new Set([...usual, ...safe])];
}
