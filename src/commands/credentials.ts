import { randomBytes } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { type AuditOptions, audit } from "../credentials/audit.js";
import { openSecond } from "../credentials/second-thread.js";
import type { Services } from "../credentials/services.js";
import { severities } from "../credentials/severity.js";
import { isBelowSession } from "../launcher/outer.js";
import type { CredentialAudit, Severity } from "../model/credential-audit.js";
import { jsonText } from "../model/json-text.js";
import { fileLimits } from "../scope/file-scopes.js";
import { lstat, readdir, realpath } from "../world/file-system.js";
import { openGitStream } from "../world/git-stream.js";
import { openPrograms } from "../world/program.js";
import { findWorkspace } from "../world/workspace.js";
import { openWorld } from "../world/world.js";
import { auditJson } from "./credentials-json.js";
import { manifestLines } from "./credentials-manifest.js";
import { auditRows, type Looked, shownPath } from "./credentials-page.js";
import { agreesToSend, isSomebodyHere } from "./credentials-sending.js";
import { findManifests } from "./manifests.js";
import type { Places } from "./places.js";
import { openProgress } from "./progress.js";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/** What `holdpoint credentials` was given. */
export interface CredentialsOptions {
  readonly json?: true;
  readonly online?: true;
  /** Services are asked without a question to the person. */
  readonly yes?: true;
  readonly history?: true;
  readonly workspaceOnly?: true;
  readonly failOn: Severity | "none";
  readonly all?: true;
  /** Only the lines for a manifest. */
  readonly manifest?: true;
  readonly scope?: string;
  /** Milliseconds. */
  readonly timeout?: number;
}

/**
 * `holdpoint credentials [DIR]`. Status 0: nothing as grave as `failOn`; 1: something is; 2: not everything was looked at, and
 * nothing found by then is; 126: services are not asked from within a session; 130: Ctrl-C. Throws UsageError.
 */
export async function credentials(
  given: string | undefined,
  options: CredentialsOptions,
  places: Places,
  terminal: Terminal,
): Promise<number> {
  if (options.online && (await isBelowSession(process.env))) {
    terminal.error(
      "denied: --online sends credentials to their services, and a session's agent is not to do that in your name; run it in a terminal outside of every session",
    );
    return 126;
  }
  if (options.online && !options.yes && !isSomebodyHere())
    throw new UsageError([
      "--online shows where credentials would go, and asks: nobody is at this terminal (--yes goes without)",
    ]);
  const began = Date.now();
  const root = rootOf(given, places);
  const stop = new AbortController();
  const interrupted = new Promise<undefined>((done) =>
    terminal.onInterrupt(() => {
      stop.abort();
      done(undefined);
    }),
  );
  const progress = openProgress();
  const home = realpath(places.home);
  const looking = look(root, options, places, {
    signal: stop.signal,
    onProgress: progress.say,
    agree: async (sendings) => {
      progress.end();
      return options.yes === true || agreesToSend(sendings);
    },
  });
  // Whatever becomes of it after Ctrl-C.
  looking.catch(() => {});
  const found = await Promise.race([looking, interrupted]).finally(progress.end);
  if (found === undefined) return 130;
  const shown = options.all ? found : withoutDoubtful(found);
  const looked: Looked = {
    ...options,
    root,
    home,
    milliseconds: Date.now() - began,
    leftOut: found.credentials.length - shown.credentials.length,
  };
  if (options.json) terminal.print(jsonText(auditJson(shown, looked), 1));
  else if (options.manifest) for (const row of manifestLines(shown, looked)) terminal.print(row);
  else for (const row of auditRows(shown, looked, terminal)) terminal.print(row);
  return statusOf(shown, options.failOn);
}

/** As it was named, else the work tree around this folder. */
function rootOf(given: string | undefined, { home }: Places): string {
  if (given === undefined) return findWorkspace(process.cwd(), home);
  const root = realpath(resolve(given));
  const stat = lstat(root);
  if (!stat.exists)
    throw new UsageError([
      `${given}: ${stat.reason === "missing" ? "there is no such folder" : "cannot be read"}`,
    ]);
  if (stat.kind === "directory") {
    const listing = readdir(root, 1);
    if (!listing.ok) throw new UsageError([`${given}: cannot be read (${listing.reason})`]);
  } else if (stat.kind !== "file") throw new UsageError([`${given}: neither a folder nor a file`]);
  return root;
}

async function look(
  root: string,
  { scope, online, history, all, workspaceOnly, timeout }: CredentialsOptions,
  places: Places,
  { signal, onProgress, agree }: Pick<AuditOptions, "signal" | "onProgress"> & Pick<Services, "agree">,
): Promise<CredentialAudit> {
  const { env } = process;
  const home = realpath(places.home);
  const folder = lstat(root).exists && readdir(root, 1).ok ? root : dirname(root);
  const held = await findManifests({ cwd: folder, env, named: scope }, places);
  const manifests = held.map(({ manifest }) => manifest);
  const gitProgram = openPrograms(undefined, () => false).findProgram("git", env["PATH"] ?? "");
  const world = openWorld({
    startedAt: Date.now(),
    workspace: findWorkspace(folder, home),
    guardPaths: [],
    home,
    uid: process.getuid?.() ?? 0,
    tmpdir: env["TMPDIR"],
    shimDirectory: undefined,
    shimmed: () => false,
    salt: randomBytes(16).toString("hex"),
    gitProgram,
  });
  const limits = fileLimits(manifests, world);
  return audit({
    root,
    home: workspaceOnly ? undefined : home,
    inherited: workspaceOnly ? undefined : env,
    manifests,
    isForbidden: (file) => limits?.isHeld(file) === true,
    git: openGitStream(gitProgram, home),
    history: history === true,
    online: online ? { env, timeout: perService, agree } : undefined,
    all: all === true,
    budget: timeout ?? (history ? 600_000 : 60_000),
    signal,
    second: () => openSecond(join(places.packageRoot, "dist", "credential-thread.js")),
    fingerprint: world.fingerprint,
    shown: (path) => shownPath(path, root, home),
    onProgress,
  });
}

/** Milliseconds. */
const perService = 10_000;

/** Fixtures of tests and examples are passed by like installed packages. */
function withoutDoubtful(found: CredentialAudit): CredentialAudit {
  return { ...found, credentials: found.credentials.filter(({ isDoubtful }) => !isDoubtful) };
}

function statusOf({ credentials: found, complete }: CredentialAudit, failOn: Severity | "none"): number {
  const grave = failOn === "none" ? [] : severities.slice(0, severities.indexOf(failOn) + 1);
  if (found.some(({ severity }) => grave.includes(severity))) return 1;
  return complete ? 0 : 2;
}
