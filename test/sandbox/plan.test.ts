import { expect, test } from "vitest";
import { planSandbox } from "../../src/sandbox/plan.js";
import type { FakeFile } from "../fake-world.js";
import { type Given, inputOf, planOf, seen } from "./inputs.js";

const file: FakeFile = { text: "x" };
const dir: FakeFile = { dir: true };
const text = (content: string): FakeFile => ({ text: content });
const link = (to: string): FakeFile => ({ link: to });
const files = (never: readonly string[], write?: readonly string[]) => ({
  files: { read: undefined, write, never },
});
const w = "/home/me/w";
const git: Readonly<Record<string, FakeFile>> = {
  [`${w}/.git/HEAD`]: file,
  [`${w}/.git/config`]: text("[core]\n\tbare = false\n"),
  [`${w}/.git/hooks/pre-commit.sample`]: file,
  [`${w}/.git/objects/x`]: file,
  [`${w}/.git/refs/x`]: file,
};

test("a machine without manifests, whole", () => {
  expect(
    planOf({
      files: { ...git, "/home/me/.aws/credentials": file },
      env: { XDG_RUNTIME_DIR: "/run/user/1000" },
    }),
  ).toEqual({
    mounts: [
      { kind: "dev", path: "/dev" },
      { kind: "proc", path: "/proc" },
      { kind: "tmpfs", path: "/run", mode: 0o755 },
      { kind: "private", path: "/tmp", name: "tmp" },
      { kind: "tmpfs", path: "/dev/shm", mode: 0o1777 },
      { kind: "private", path: "/var/tmp", name: "var-tmp" },
      { kind: "empty-folder", path: "/home/me/.aws" },
      { kind: "write", path: w },
      { kind: "tmpfs", path: "/run/user/1000", mode: 0o700 },
      { kind: "write", path: `${w}/.git` },
      { kind: "read", path: `${w}/.git/config` },
      { kind: "read", path: `${w}/.git/hooks` },
      { kind: "read", path: "/run/user/1000/holdpoint/x" },
    ],
    overlays: [],
    scratches: [{ target: "/home/me/.cache", lower: "/home/me/.cache" }],
    shut: [],
    unset: [],
    set: expect.objectContaining({ npm_config_cache: "/var/tmp/caches/npm" }),
    make: ["/home/me/.cache"],
    makeFiles: [],
    notes: [],
    cwd: w,
  });
});

const kinds: readonly [string, Given, Readonly<Record<string, string>>][] = [
  [
    "what is protected stays so in a writable home, and cannot be moved away",
    { setting: { write: ["~"] }, files: { "/home/me/.ssh/id": file, "/home/me/.ssh/config": file } },
    {
      "/home/me/.bashrc": "write",
      "/home/me/.config": "write",
      "/home/me/.config/holdpoint/x": "read",
      "/home/me/.ssh/id": "empty-file",
      "/home/me/.ssh/config": "write",
    },
  ],
  [
    "never wins over write, and over the user's own write",
    {
      setting: { write: ["secrets/a"] },
      manifests: [files([`${w}/secrets/**`], [`${w}/**`])],
      files: { [`${w}/secrets/a`]: file },
    },
    { [`${w}/secrets`]: "empty-folder", [`${w}/secrets/a`]: "empty-folder", [`${w}/b`]: "write" },
  ],
  [
    "several manifests: what all agree to",
    {
      manifests: [files([], [`${w}/src/**`, `${w}/doc/**`]), files([], [`${w}/src/a/**`, `${w}/lib/**`])],
      files: { [`${w}/src/a/x`]: file, [`${w}/doc/x`]: file, [`${w}/lib/x`]: file },
    },
    { [`${w}/src/a/x`]: "write", [`${w}/src/b`]: "root", [`${w}/doc/x`]: "root", [`${w}/lib/x`]: "root" },
  ],
  [
    "an untrusted manifest opens nothing outside of the workspace",
    { manifests: [files([], ["/home/me/**", "/home/me/other/**"])], files: { "/home/me/other/x": file } },
    { [`${w}/x`]: "write", "/home/me/other/x": "root", "/home/me/.bashrc": "root" },
  ],
  [
    "a trusted one does",
    {
      manifests: [{ ...files([], ["/home/me/other/**"]), isTrusted: true }],
      files: { "/home/me/other/x": file },
    },
    { [`${w}/x`]: "root", "/home/me/other/x": "write" },
  ],
  [
    "a link that leads elsewhere opens nothing there, and what it leads to is hidden with it",
    {
      manifests: [files([`${w}/**/key`])],
      files: {
        [`${w}/out`]: link("/home/me/other"),
        "/home/me/other/x": file,
        [`${w}/key`]: link("/home/me/real-key"),
        "/home/me/real-key": file,
      },
    },
    { "/home/me/other/x": "root", "/home/me/real-key": "empty-file" },
  ],
  [
    "a link in front of a glob",
    {
      manifests: [files([`${w}/conf/**`])],
      files: { [`${w}/conf`]: link("/home/me/conf"), "/home/me/conf/x": file },
    },
    { "/home/me/conf/x": "empty-folder" },
  ],
  [
    "a workspace under /tmp, a home under /tmp, a session under /tmp",
    {
      home: "/tmp/h",
      workspace: "/tmp/h/p",
      cwd: "/tmp/h/p",
      sessionDirectory: "/tmp/holdpoint-x",
      files: {
        "/tmp/h/p/x": file,
        "/tmp/h/.bashrc": file,
        "/tmp/holdpoint-x/sock": file,
        "/tmp/h/.npmrc": file,
        "/tmp/other": file,
      },
    },
    {
      "/tmp/h/p/x": "write",
      "/tmp/h/.bashrc": "read",
      "/tmp/holdpoint-x/sock": "read",
      "/tmp/h/.npmrc": "empty-file",
      "/tmp/other": "private",
    },
  ],
  [
    "holdpoint installed in the workspace",
    {
      packageRoot: `${w}/node_modules/holdpoint`,
      guardPaths: [`${w}/node_modules/holdpoint/dist`],
      files: { [`${w}/node_modules/holdpoint/dist/x`]: file },
    },
    { [`${w}/node_modules/holdpoint/dist/x`]: "read", [`${w}/node_modules`]: "write", [`${w}/x`]: "write" },
  ],
  [
    "hooks that git is told to find in the workspace, and settings that it reads there",
    {
      files: {
        ...git,
        [`${w}/.git/config`]: text('[core]\n\thooksPath = .husky/_\n[include]\n\tpath = "../.gitsettings"\n'),
        [`${w}/.husky/_/h`]: file,
        [`${w}/.gitsettings`]: file,
      },
    },
    { [`${w}/.husky/pre-commit`]: "read", [`${w}/.gitsettings`]: "read", [`${w}/x`]: "write" },
  ],
  [
    "what git would take up as soon as it is there",
    {
      files: {
        ...git,
        [`${w}/.git/config`]: text("[include]\n\tpath = ../team\n[extensions]\n\tworktreeConfig = true\n"),
        "/home/me/.gitconfig": text("[core]\n\thooksPath = .githooks\n"),
      },
    },
    {
      [`${w}/team`]: "read",
      [`${w}/.git/config.worktree`]: "read",
      [`${w}/.githooks/pre-commit`]: "read",
      [`${w}/x`]: "write",
    },
  ],
  [
    "a worktree: git's own folder is elsewhere, and knows this one",
    {
      files: {
        [`${w}/.git`]: text("gitdir: /home/me/main/.git/worktrees/w\n"),
        "/home/me/main/.git/worktrees/w/HEAD": file,
        "/home/me/main/.git/worktrees/w/gitdir": text(`${w}/.git\n`),
        "/home/me/main/.git/worktrees/w/commondir": text("../..\n"),
        "/home/me/main/.git/objects/x": file,
        "/home/me/main/.git/refs/x": file,
        "/home/me/main/.git/config": file,
        "/home/me/main/.git/hooks/x": file,
        "/home/me/main/x": file,
      },
    },
    {
      [`${w}/.git`]: "read",
      "/home/me/main/.git/objects/y": "write",
      "/home/me/main/.git/worktrees/w/index": "write",
      "/home/me/main/.git/worktrees/w/commondir": "read",
      "/home/me/main/.git/config": "read",
      "/home/me/main/.git/hooks/x": "read",
      "/home/me/main/x": "root",
    },
  ],
  [
    "a .git that leads to a folder which does not lead back opens nothing",
    {
      files: {
        [`${w}/.git`]: text("gitdir: /home/me/main\n"),
        "/home/me/main/HEAD": file,
        "/home/me/main/config": text("[core]\nworktree = /elsewhere\n"),
      },
    },
    { [`${w}/.git`]: "read", "/home/me/main/HEAD": "root", [`${w}/x`]: "write" },
  ],
  [
    "a submodule as the workspace",
    {
      workspace: `${w}/sub`,
      cwd: `${w}/sub`,
      files: {
        ...git,
        [`${w}/sub/.git`]: text("gitdir: ../.git/modules/sub\n"),
        [`${w}/.git/modules/sub/HEAD`]: file,
        [`${w}/.git/modules/sub/objects/x`]: file,
        [`${w}/.git/modules/sub/config`]: text("[core]\n\tworktree = ../../../sub\n"),
      },
    },
    {
      [`${w}/.git/modules/sub/index`]: "write",
      [`${w}/.git/modules/sub/config`]: "read",
      [`${w}/.git/modules/sub/hooks`]: "read",
      [`${w}/.git/index`]: "root",
      [`${w}/sub/x`]: "write",
    },
  ],
  [
    "submodules of the workspace, and repositories in it",
    {
      files: {
        ...git,
        [`${w}/.git/modules/a/b/HEAD`]: file,
        [`${w}/.git/modules/a/b/config`]: file,
        [`${w}/lib/c/.git/config`]: file,
        [`${w}/lib/c/.git/HEAD`]: file,
      },
    },
    {
      [`${w}/.git/modules/a/b/config`]: "read",
      [`${w}/.git/modules/a/b/index`]: "write",
      [`${w}/lib/c/.git/config`]: "read",
      [`${w}/lib/c/x`]: "write",
    },
  ],
  [
    "the user opens git's settings",
    { setting: { write: [".git/config"] }, files: git },
    { [`${w}/.git/config`]: "write", [`${w}/.git/hooks`]: "read" },
  ],
  [
    "who opens the workspace as a whole, or a folder around it, does not speak of its hooks",
    { setting: { write: ["~"] }, files: { ...git, "/home/me/repo/.git/config": file } },
    { [`${w}/.git/config`]: "read", [`${w}/.git/hooks`]: "read", "/home/me/x": "write" },
  ],
  [
    "a repository that is opened outside of the workspace",
    { setting: { write: ["~/repo"] }, files: { "/home/me/repo/.git/config": file } },
    { "/home/me/repo/.git/config": "read", "/home/me/repo/.git/index": "write" },
  ],
  [
    "the agent of gpg, shared, and not its keys",
    {
      setting: { share: ["gpg-agent"] },
      files: { "/home/me/.gnupg/S.gpg-agent": { kind: "socket" }, "/home/me/.gnupg/private/x": file },
    },
    { "/home/me/.gnupg/S.gpg-agent": "root", "/home/me/.gnupg/private/x": "empty-folder" },
  ],
  [
    "all of the runtime folder",
    {
      setting: { share: ["runtime"] },
      env: { XDG_RUNTIME_DIR: "/run/user/1000" },
      files: { "/run/user/1000/bus": { kind: "socket" }, "/run/x": file },
    },
    { "/run/user/1000/bus": "write", "/run/x": "tmpfs", "/run/user/1000/holdpoint/x/sock": "read" },
  ],
  [
    "an agent's own state and sign-in, without what starts programs; no other agent's",
    {
      command: ["codex"],
      files: {
        "/home/me/.codex/auth.json": file,
        "/home/me/.codex/config.toml": file,
        "/home/me/.claude/.credentials.json": file,
      },
    },
    {
      "/home/me/.codex/auth.json": "write",
      "/home/me/.codex/config.toml": "read",
      "/home/me/.claude/.credentials.json": "empty-file",
    },
  ],
  [
    "settings that the agent has not got yet, and what its settings start beside them",
    {
      command: ["claude"],
      files: {
        "/home/me/.claude/settings.json": text(
          '{"statusLine": {"command": "sh $HOME/.claude/line.sh --short"}}',
        ),
        "/home/me/.claude/line.sh": file,
        "/home/me/.claude/other.sh": file,
      },
    },
    {
      "/home/me/.claude/line.sh": "read",
      "/home/me/.claude/other.sh": "write",
      "/home/me/.claude/settings.local.json": "read",
      "/home/me/.claude/plugins/x": "read",
    },
  ],
  [
    "an agent's state that a variable moved, started by npx",
    {
      command: ["npx", "-y", "@openai/codex@1.2"],
      env: { CODEX_HOME: "/home/me/c" },
      files: { "/home/me/c/x": file, "/home/me/.codex/auth.json": file },
    },
    { "/home/me/c/x": "write", "/home/me/.codex/auth.json": "empty-file" },
  ],
  [
    "a store that the user opens, and nothing beside it",
    {
      setting: { read: ["~/.aws/config"] },
      files: { "/home/me/.aws/config": file, "/home/me/.aws/credentials": file, "/home/me/.npmrc": file },
    },
    {
      "/home/me/.aws/config": "root",
      "/home/me/.aws/credentials": "empty-file",
      "/home/me/.npmrc": "empty-file",
    },
  ],
  [
    "a store that a trusted manifest names",
    {
      manifests: [
        {
          isTrusted: true,
          credentials: [{ name: "npm", from: "file:~/.npmrc", value: undefined, allow: ["staging"] }],
        },
      ],
      files: { "/home/me/.npmrc": file, "/home/me/.netrc": file },
    },
    { "/home/me/.npmrc": "root", "/home/me/.netrc": "empty-file" },
  ],
  [
    "a store that an untrusted one names",
    {
      manifests: [
        { credentials: [{ name: "npm", from: "file:~/.npmrc", value: undefined, allow: ["staging"] }] },
      ],
      files: { "/home/me/.npmrc": file },
    },
    { "/home/me/.npmrc": "empty-file" },
  ],
  [
    "stores by variables",
    {
      env: { KUBECONFIG: "/home/me/k/one:/home/me/k/two", HISTFILE: "/dev/null" },
      files: { "/home/me/k/one": file, "/home/me/k/two": file, "/home/me/k/x": file },
    },
    {
      "/home/me/k/one": "empty-file",
      "/home/me/k/two": "empty-file",
      "/home/me/k/x": "root",
      "/dev/null": "dev",
    },
  ],
  [
    "services in shared temporary folders",
    { setting: { tmp: "shared" }, files: { "/tmp/tmux-1000/default": { kind: "socket" }, "/tmp/x": file } },
    { "/tmp/tmux-1000/default": "empty-folder", "/tmp/x": "write" },
  ],
  [
    "a service that is shared",
    {
      setting: { share: ["docker"] },
      files: { "/run/docker.sock": { kind: "socket" }, "/run/dbus/x": file },
    },
    { "/run/docker.sock": "read", "/run/dbus/x": "tmpfs" },
  ],
  [
    "the resolver's files",
    { files: { "/run/systemd/resolve/stub-resolv.conf": file, "/run/systemd/private": { kind: "socket" } } },
    { "/run/systemd/resolve/stub-resolv.conf": "read", "/run/systemd/private": "tmpfs" },
  ],
  [
    "the home as the workspace is not writable as a whole",
    { workspace: "/home/me", cwd: "/home/me", files: { "/home/me/.bashrc": file } },
    { "/home/me/.bashrc": "root" },
  ],
  [
    "the temporary folder as the workspace is the session's own",
    { workspace: "/tmp", cwd: "/tmp" },
    { "/tmp/x": "private" },
  ],
  [
    "nor with an untrusted manifest",
    {
      workspace: "/home/me",
      cwd: "/home/me",
      manifests: [{ folder: "/home/me", file: "/home/me/holdpoint.yaml", ...files([], ["/home/me/**"]) }],
    },
    { "/home/me/.bashrc": "root", [`${w}/x`]: "root" },
  ],
];

test.each(kinds)("%s", (_, given, expected) => {
  const plan = planOf(given);
  const found = Object.fromEntries(Object.keys(expected).map((path) => [path, seen(plan, path)]));
  expect(found).toEqual(expected);
});

test.each<[string, Given, string]>([
  [
    "the workspace",
    { manifests: [files(["/home/me/**"])] },
    `"files.never" of ${w}/holdpoint.yaml hides /home/me, and with it the workspace`,
  ],
  [
    "holdpoint itself",
    { setting: { hide: ["/usr/lib/holdpoint/dist"] } },
    '"/usr/lib/holdpoint/dist" under "sandbox.hide" hides /usr/lib/holdpoint/dist, and with it holdpoint itself',
  ],
  [
    "a program",
    { setting: { hide: ["/usr/bin"] }, files: { "/usr/bin/node": file } },
    '"/usr/bin" under "sandbox.hide" hides /usr/bin, and with it the program /usr/bin/node',
  ],
  [
    "the session",
    { setting: { hide: ["/run/user"] } },
    '"/run/user" under "sandbox.hide" hides /run/user, and with it the session\'s own folder',
  ],
])("what hides %s is refused", (_, given, refused) => {
  expect(planSandbox(inputOf(given))).toEqual({ refused });
});

test("too much to look through is refused", () => {
  const input = inputOf({ manifests: [files([`${w}/**/.env`])] });
  const names = Array.from({ length: 200_001 }, (_, at) => `f${at}`);
  const look = {
    ...input.look,
    readdir: (path: string, cap: number) =>
      path === w
        ? { ok: true as const, names: names.slice(0, cap), complete: names.length <= cap }
        : input.look.readdir(path, cap),
  };
  expect(planSandbox({ ...input, look })).toEqual({
    refused:
      '"**/.env" would have to be looked for in more than 200,000 files: begin with the folder that is meant',
  });
});

test("a folder that cannot be listed is hidden where something is looked for in it", () => {
  const input = inputOf({ manifests: [files([`${w}/**/.env`])], files: { [`${w}/shut`]: dir } });
  const look = {
    ...input.look,
    readdir: (path: string, cap: number) =>
      path === `${w}/shut` ? { ok: false as const, reason: "EACCES" } : input.look.readdir(path, cap),
  };
  const plan = planSandbox({ ...input, look });
  expect("refused" in plan ? plan : seen(plan, `${w}/shut/.env`)).toBe("empty-folder");
});

test("a cache with a token in it, and one that holds the session's folder", () => {
  const plan = planOf({
    sessionDirectory: "/home/me/.cache/holdpoint/run/x",
    files: {
      "/home/me/.cache/holdpoint/run/x/sock": file,
      "/home/me/.cache/pip/x": file,
      "/home/me/.gradle/gradle.properties": file,
      "/home/me/.gradle/caches/x": file,
    },
    guardPaths: ["/home/me/.cache/holdpoint/run/x"],
    setting: { write: ["~/.cache/mine"] },
  });
  // An overlay would show a socket that nobody listens on.
  expect(plan.scratches.map(({ target }) => target).sort()).toEqual([
    "/home/me/.cache/pip",
    "/home/me/.gradle/caches",
  ]);
  expect(plan.notes).toContain(
    "/home/me/.gradle: something in it is hidden or held, so that nothing new can be made right in it",
  );
});

test.each([
  [["codex"], true],
  [["codex", "--sandbox", "workspace-write"], true],
  [["codex", "--sandbox", "danger-full-access"], false],
  [["codex", "-c", "sandbox_workspace_write.network_access=true"], false],
  [["opencode"], false],
])("%j: whether a sandbox of the agent's own is in the way is said", (command, isSaid) => {
  expect(planOf({ command, files: {} }).notes.some((note) => note.includes("own sandbox"))).toBe(isSaid);
});

test("variables that lead to what is closed", () => {
  const env = {
    SSH_AUTH_SOCK: "/tmp/ssh-x/agent.1",
    DOCKER_HOST: "tcp://docker:2375",
    TMUX: "/tmp/tmux-1000/default,1,0",
    TMPDIR: "/tmp/mine",
    GIT_ASKPASS: "/usr/bin/askpass",
  };
  const plan = planOf({ env, files: { "/tmp/mine": dir } });
  expect(plan.unset).toEqual(["SSH_AUTH_SOCK", "TMUX", "GIT_ASKPASS"]);
  expect(plan.set["TMPDIR"]).toBe("/tmp");
  const shared = planOf({
    env,
    setting: { share: ["ssh-agent"] },
    files: { "/tmp/ssh-x/agent.1": { kind: "socket" } },
  });
  expect(shared.unset).not.toContain("SSH_AUTH_SOCK");
  expect(seen(shared, "/tmp/ssh-x/agent.1")).toBe("read");
});

test("what a user is told", () => {
  expect(
    planOf({
      setting: { write: ["~/gone"] },
      manifests: [files([`${w}/secrets`, `${w}/**/.env`], [`${w}/src/**`, `${w}/**/*.ts`, `${w}/out`])],
      files: { [`${w}/a.ts`]: file },
    }),
  ).toMatchObject({
    make: [`${w}/src`, "/home/me/.cache"],
    notes: [
      '"out" is not there: it cannot be made inside, unless a folder is named: "out/**"',
      '"**/*.ts" opens the files that are there now: new ones that fit cannot be made inside',
      '"secrets" is not there: what is put there while the session runs is seen inside',
      "/home/me/gone is not there: it cannot be made inside",
    ],
  });
});

test("where a manifest says which credentials the work needs, a file of the workspace with others is not there", () => {
  const token = text("RAILWAY_TOKEN=9f86d081-884c-4d65-9a2f-eaa0c55ad015\n");
  const files = {
    [`${w}/.env`]: token,
    [`${w}/infra/domains/.env`]: token,
    [`${w}/.env.example`]: token,
    [`${w}/web/.env`]: text("PORT=3000\nNODE_ENV=test\n"),
    [`${w}/node_modules/a/.env`]: token,
  };
  const credentials = [
    { name: "staging", from: "file:.env#RAILWAY_TOKEN", value: undefined, allow: ["staging"] },
  ];
  const hidden = (given: Given) =>
    planOf({ files, ...given })
      .mounts.filter(({ kind }) => kind === "empty-file")
      .map(({ path }) => path);
  expect(hidden({ manifests: [{ credentials }] })).toEqual([`${w}/infra/domains/.env`]);
  expect(hidden({ manifests: [{ credentials: [] }] })).toEqual([`${w}/.env`, `${w}/infra/domains/.env`]);
  expect(hidden({ manifests: [{}] })).toEqual([]);
  expect(hidden({ manifests: [{ credentials: [] }], setting: { read: [".env", "infra"] } })).toEqual([]);
});

test("sockets that somebody listens on are shut, but for the work's own and what is named", () => {
  const socket: FakeFile = { kind: "socket" };
  const line = (path: string) => `00000000a9a0fd3d: 00000002 00000000 00010000 0001 01  9562567 ${path}\n`;
  const paths = [
    "/home/me/.config/Code/main.sock",
    "/srv/a b.sock",
    `${w}/own.sock`,
    "/home/me/named/x.sock",
  ];
  const { shut } = planOf({
    setting: { write: ["~/named"] },
    files: {
      ...Object.fromEntries(paths.map((path) => [path, socket])),
      "/tmp/x.sock": socket,
      "/proc/net/unix": text(
        `Num RefCount Protocol Flags Type St Inode Path\n${[...paths, "/tmp/x.sock", "/gone.sock", "@abstract"].map(line).join("")}`,
      ),
    },
  });
  expect(shut).toEqual(["/home/me/.config/Code/main.sock", "/srv/a b.sock"]);
});
