import type { Stat, World } from "../model/world.js";

/**
 * The world that a rule's examples are judged in, the same on every machine:
 * a git work tree `/home/dev/project` whose `src`, `README.md`, `package.json` and `holdpoint.yaml` are tracked and clean, whose
 * `node_modules`, `dist`, `build` and `target` are ignored build output; `/tmp` and `/var/tmp` are temporary; what begins with `new`
 * does not exist; all else has been there, untracked, since long before the session (a name without a dot is most often a
 * folder that holds `a.txt`). Every folder outside is a work tree as well. What has changed, git does not say.
 */
export function exampleWorld(
  isShimmed: (name: string) => boolean,
  parseSql: World["parseSql"],
  awsService?: World["awsService"],
): World {
  return {
    user: {
      uid: 1000,
      home,
      homeOf: (name) => (name === "dev" ? home : name === "root" ? "/root" : undefined),
    },
    session: {
      startedAt: sessionStart,
      workspace,
      guardPaths: [`${home}/.local/state/holdpoint`],
      temporary: ["/tmp", "/var/tmp"],
    },
    lstat,
    realpath: (path) => path,
    readdir: (path) => ({ ok: true, names: namesIn(path), complete: true }),
    readFile: (path) =>
      lstat(path).exists
        ? { ok: true, bytes: Buffer.from(contentOf(path)), complete: true }
        : { ok: false, reason: "does not exist" },
    git: {
      repository: (path) => {
        const top = isBelow(path, workspace) ? workspace : path;
        return { top, gitDir: `${top}/.git` };
      },
      tracked: (_top, relative) =>
        new Map(
          trackedFiles.filter((name) => isBelow(name, relative)).map((name) => [name, blob(contentOf(name))]),
        ),
      blobId: (bytes) => blob(Buffer.from(bytes).toString()),
      ignoredSinceStart: (_top, relative) => buildOutput.has(relative.split("/")[0] ?? ""),
      query: (_cwd, args) => answerGit(args),
    },
    findProgram: (name) => `/usr/bin/${name}`,
    isShimmed: (name) => isShimmed(name),
    parseSql,
    ...(awsService === undefined ? {} : { awsService }),
    fingerprint: () => "example",
  };
}

export const home = "/home/dev";
export const workspace = "/home/dev/project";
const sessionStart = Date.UTC(2026, 0, 2);
const longAgo = Date.UTC(2025, 0, 1);
const buildOutput: ReadonlySet<string> = new Set(["node_modules", "dist", "build", "target"]);
const trackedFiles = ["README.md", "package.json", "holdpoint.yaml", "src/index.ts", "src/a.txt"];
const folders: ReadonlySet<string> = new Set([
  "/",
  "/home",
  home,
  workspace,
  "/tmp",
  "/etc",
  "/usr",
  "/var",
  "/var/tmp",
  `${workspace}/.git`,
]);

function lstat(path: string): Stat {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name.startsWith("new")) return { exists: false, reason: "missing" };
  const kind = path.startsWith("/dev/") ? "device" : isFolder(path, name) ? "directory" : "file";
  const times = { born: longAgo, modified: longAgo, changed: longAgo };
  return {
    exists: true,
    kind,
    size: 12,
    uid: 1000,
    mode: 0o644,
    links: 1,
    device: 1,
    inode: inodeOf(path),
    ...times,
  };
}

function isFolder(path: string, name: string): boolean {
  if (folders.has(path) || dotFolders.has(name)) return true;
  return !name.includes(".") && !plainFiles.has(name) && !/^id_\w+$/.test(name);
}

const dotFolders: ReadonlySet<string> = new Set(
  ".git .github .ssh .aws .azure .gnupg .kube .docker .config .local .cache .npm .cargo .venv .vscode .next .terraform .".split(
    " ",
  ),
);
const plainFiles: ReadonlySet<string> = new Set(
  "Makefile Dockerfile Jenkinsfile LICENSE passwd shadow group sudoers hosts fstab crontab authorized_keys known_hosts credentials packed-refs HEAD".split(
    " ",
  ),
);

function namesIn(path: string): readonly string[] {
  if (path === workspace)
    return [".git", ".env", "README.md", "package.json", "src", "notes", ...buildOutput];
  return path === `${workspace}/src` ? ["index.ts", "a.txt"] : ["a.txt"];
}

function contentOf(path: string): string {
  return `content of ${path.slice(path.lastIndexOf("/") + 1)}\n`;
}

function blob(content: string): string {
  return Buffer.from(content).toString("hex").slice(0, 40).padEnd(40, "0");
}

/** Git knows the usual names of commits, and that nothing of the remote was fetched yet; of changes it says nothing. */
function answerGit(args: readonly string[]): ReturnType<World["git"]["query"]> {
  const [verb] = args;
  const name = args.at(-1) ?? "";
  // Each commit has the tracked files as they are now.
  const [, path = ""] = /^[^:]*:(.+)$/.exec(name) ?? [];
  if (verb === "rev-parse" && path !== "")
    return trackedFiles.includes(path)
      ? { ok: true, out: `${blob(contentOf(path))}\n` }
      : { ok: false, reason: "no such file" };
  const isCommit = /^((HEAD|@)([~^@{].*)?|main|master|origin\/\S+|v\d[\d.]*|[0-9a-f]{7,40})$/.test(name);
  if (verb === "rev-parse" && args.includes("--verify") && isCommit)
    return { ok: true, out: `${blob(name)}\n` };
  if (verb === "rev-parse" && args.includes("--symbolic-full-name") && name === "HEAD")
    return { ok: true, out: "refs/heads/topic\n" };
  if (verb === "ls-tree" && args.includes("--name-only")) {
    const paths = args.slice(args.indexOf("--") + 1);
    const held = trackedFiles.filter((file) => paths.length === 0 || paths.some((one) => isBelow(file, one)));
    return { ok: true, out: held.map((file) => `${file}\0`).join("") };
  }
  if (verb === "for-each-ref" && name.startsWith("refs/remotes/")) return { ok: true, out: "" };
  return { ok: false, reason: "the example world has no answer to this" };
}

function isBelow(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

function inodeOf(path: string): number {
  return [...path].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003, 7);
}
