import type { SharedName } from "../model/sandbox-setting.js";

/** Where a tool keeps what can be fetched or built again. */
export interface Cache {
  /** Below the home. */
  readonly path: string;
  /** The variable that moves it, and where below the variable's folder it lies. */
  readonly variable?: string;
  readonly below?: string;
  /** The tool's own folder must be there, or the tool is not used: then an empty cache is made in it. */
  readonly within?: string;
}

/** What builds write to outside of the workspace: their tools' manuals. */
export const caches: readonly Cache[] = [
  { path: ".cache", variable: "XDG_CACHE_HOME" },
  { path: ".npm", variable: "npm_config_cache" },
  { path: ".yarn/berry", variable: "YARN_GLOBAL_FOLDER", within: ".yarn" },
  { path: ".local/share/pnpm/store", variable: "npm_config_store_dir", within: ".local/share/pnpm" },
  { path: ".pnpm-store" },
  { path: ".bun/install/cache", variable: "BUN_INSTALL_CACHE_DIR", within: ".bun" },
  { path: ".node-gyp" },
  { path: ".cache/deno", variable: "DENO_DIR" },
  { path: ".cargo/registry", variable: "CARGO_HOME", below: "registry", within: ".cargo" },
  { path: ".cargo/git", variable: "CARGO_HOME", below: "git", within: ".cargo" },
  { path: ".gradle", variable: "GRADLE_USER_HOME" },
  { path: ".m2/repository", within: ".m2" },
  { path: ".ivy2" },
  { path: ".sbt" },
  { path: "go/pkg", variable: "GOPATH", below: "pkg", within: "go" },
  { path: "go/pkg/mod", variable: "GOMODCACHE" },
  { path: ".nuget/packages", variable: "NUGET_PACKAGES", within: ".nuget" },
  { path: ".local/share/NuGet", within: ".local/share/NuGet" },
  { path: ".composer/cache", variable: "COMPOSER_CACHE_DIR", within: ".composer" },
  { path: ".bundle/cache", variable: "BUNDLE_USER_CACHE", within: ".bundle" },
  { path: ".cpan" },
  { path: ".cpanm" },
  { path: ".cabal/packages", within: ".cabal" },
  { path: ".stack" },
  { path: ".hex", variable: "HEX_HOME" },
  { path: ".pub-cache", variable: "PUB_CACHE" },
  { path: ".terraform.d/plugin-cache", variable: "TF_PLUGIN_CACHE_DIR", within: ".terraform.d" },
  { path: ".ccache" },
  { path: ".cache/ccache", variable: "CCACHE_DIR" },
  { path: ".conan2", variable: "CONAN_HOME" },
  { path: ".android/cache", within: ".android" },
  { path: "Library/Caches", within: "Library" },
];

/** Switches off filters in which programs lock up what they start, and with it shims, which need a socket: man's nroff is a script. */
export const ownSandboxes: Readonly<Record<string, string>> = { MAN_DISABLE_SECCOMP: "1" };

/** What an agent keeps between sessions, below the home. */
export interface AgentState {
  /** Names of its command. */
  readonly names: readonly string[];
  readonly folders: readonly string[];
  /** Single files: their folder is not writable, so that they can be written, but not replaced by another. */
  readonly files?: readonly string[];
  /** The variable that moves the first folder. */
  readonly variable?: string;
  /** A sandbox of its own, in which shims cannot ask: what to say unless one of the words is given. */
  readonly own?: { readonly words: RegExp; readonly note: string };
  /** Programs that the agent starts by itself stand here (hooks, servers): what is written here runs outside, later. */
  readonly settings: readonly string[];
}

export const agentStates: readonly AgentState[] = [
  {
    names: ["codex"],
    folders: [".codex"],
    variable: "CODEX_HOME",
    settings: [".codex/config.toml", ".codex/hooks.json", ".codex/rules", ".codex/skills"],
    own: {
      words: /danger-full-access|dangerously-bypass-approvals-and-sandbox|network_access\s*=\s*true/,
      note: "codex's own sandbox forbids its commands the sockets that this one needs, and as root cannot be made here: where they are denied, start codex with --sandbox danger-full-access, or (not as root) with -c sandbox_workspace_write.network_access=true",
    },
  },
  {
    names: ["claude", "claude-code"],
    folders: [".claude"],
    files: [".claude.json"],
    variable: "CLAUDE_CONFIG_DIR",
    settings: [
      ".claude/settings.json",
      ".claude/settings.local.json",
      ...[".claude/hooks", ".claude/plugins", ".claude/skills", ".claude/commands", ".claude/agents"],
    ],
  },
  {
    names: ["gemini", "gemini-cli"],
    folders: [".gemini"],
    settings: [".gemini/settings.json", ".gemini/extensions"],
  },
  { names: ["qwen", "qwen-code"], folders: [".qwen"], settings: [".qwen/settings.json", ".qwen/extensions"] },
  {
    names: ["opencode", "opencode-ai"],
    folders: [".local/share/opencode", ".local/state/opencode", ".config/opencode"],
    settings: [
      ".config/opencode/opencode.json",
      ".config/opencode/opencode.jsonc",
      ...[".config/opencode/plugin", ".config/opencode/plugins", ".config/opencode/tool"],
    ],
  },
  {
    names: ["cursor-agent"],
    folders: [".cursor", ".config/cursor", ".local/share/cursor-agent"],
    settings: [".cursor/hooks.json", ".cursor/mcp.json", ".local/share/cursor-agent"],
  },
  { names: ["aider"], folders: [".aider"], settings: [] },
  {
    names: ["goose"],
    folders: [".config/goose", ".local/share/goose", ".local/state/goose"],
    settings: [".config/goose/config.yaml"],
  },
  {
    names: ["amp"],
    folders: [".config/amp", ".local/share/amp"],
    settings: [".config/amp/settings.json"],
  },
  {
    names: ["copilot"],
    folders: [".copilot"],
    settings: [".copilot/mcp-config.json", ".copilot/hooks"],
  },
  {
    names: ["crush"],
    folders: [".local/share/crush", ".config/crush"],
    settings: [".config/crush/crush.json"],
  },
  { names: ["droid"], folders: [".factory"], settings: [".factory/settings.json", ".factory/mcp.json"] },
  { names: ["auggie"], folders: [".augment"], settings: [".augment/settings.json"] },
];

/** Something of the machine that acts for whoever reaches it. */
export interface Service {
  readonly name: SharedName;
  /** Absolute, below the home by `~/`, below the runtime directory by `$RUNTIME/`; a last part with `*` is of any end. */
  readonly sockets: readonly string[];
  /** Variables that lead to it: taken away, and the file that they name is closed. */
  readonly variables: readonly string[];
}

export const services: readonly Service[] = [
  {
    name: "ssh-agent",
    sockets: [
      "$RUNTIME/keyring",
      "$RUNTIME/ssh-agent*",
      "$RUNTIME/openssh_agent",
      "$RUNTIME/gcr",
      "/tmp/ssh-*",
      "~/.1password/agent.sock",
      "~/.bitwarden-ssh-agent.sock",
      "~/.ssh/agent",
    ],
    variables: ["SSH_AUTH_SOCK", "SSH_AGENT_PID"],
  },
  {
    name: "gpg-agent",
    sockets: ["$RUNTIME/gnupg", "/tmp/gpg-*", "~/.gnupg/S.*"],
    variables: ["GPG_AGENT_INFO"],
  },
  {
    name: "docker",
    sockets: [
      "/run/docker.sock",
      "/run/podman",
      "/run/containerd",
      "/run/crio",
      "/run/buildkit",
      "$RUNTIME/docker.sock",
      "$RUNTIME/podman",
      "~/.docker/run",
      "~/.docker/desktop",
      "~/.colima",
      "~/.rd",
      "~/.orbstack/run",
      "/var/snap/docker/common/run",
    ],
    variables: ["DOCKER_HOST", "CONTAINER_HOST", "CONTAINERD_ADDRESS"],
  },
  {
    name: "dbus",
    sockets: ["/run/dbus", "/run/systemd", "$RUNTIME/bus", "$RUNTIME/systemd", "/tmp/dbus-*"],
    variables: ["DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS", "GNOME_KEYRING_CONTROL"],
  },
  {
    name: "display",
    sockets: ["/tmp/.X11-unix", "/tmp/.ICE-unix", "$RUNTIME/wayland-*", "~/.Xauthority", "~/.ICEauthority"],
    variables: [
      "DISPLAY",
      "WAYLAND_DISPLAY",
      "XAUTHORITY",
      "SESSION_MANAGER",
      "SWAYSOCK",
      "I3SOCK",
      "HYPRLAND_INSTANCE_SIGNATURE",
      "NIRI_SOCKET",
    ],
  },
  {
    name: "audio",
    sockets: ["$RUNTIME/pulse", "$RUNTIME/pipewire-*"],
    variables: ["PULSE_SERVER", "PIPEWIRE_REMOTE"],
  },
  { name: "postgres", sockets: ["/run/postgresql", "/tmp/.s.PGSQL.*"], variables: [] },
  { name: "mysql", sockets: ["/run/mysqld", "/tmp/mysql.sock*", "/var/lib/mysql/mysql.sock"], variables: [] },
  {
    name: "terminal",
    sockets: ["/tmp/tmux-*", "/run/screen", "/tmp/screens", "~/.screen", "$RUNTIME/zellij", "/tmp/zellij-*"],
    variables: [
      "TMUX",
      "TMUX_PANE",
      "STY",
      "KITTY_LISTEN_ON",
      "ALACRITTY_SOCKET",
      "WEZTERM_UNIX_SOCKET",
      "ZELLIJ",
    ],
  },
  {
    name: "editor",
    sockets: [
      "$RUNTIME/vscode-*",
      "/tmp/vscode-*",
      "$RUNTIME/nvim*",
      "/tmp/nvim*",
      "$RUNTIME/emacs",
      "~/.emacs.d/server",
    ],
    variables: [
      "VSCODE_IPC_HOOK_CLI",
      "VSCODE_GIT_IPC_HANDLE",
      "VSCODE_GIT_ASKPASS_NODE",
      "VSCODE_GIT_ASKPASS_MAIN",
      "GIT_ASKPASS",
      "SSH_ASKPASS",
      "NVIM",
      "NVIM_LISTEN_ADDRESS",
    ],
  },
  { name: "nix", sockets: ["/nix/var/nix/daemon-socket"], variables: [] },
  {
    name: "virtual-machines",
    sockets: [
      "/run/libvirt",
      "$RUNTIME/libvirt",
      "/var/lib/incus/unix.socket",
      "/var/lib/lxd/unix.socket",
      "/var/snap/lxd/common/lxd/unix.socket",
      "~/.lima",
    ],
    variables: [],
  },
];

/** Of `/run`: what programs need to find names, accounts and their own installation; nothing that acts for anybody. */
export const usualRun: readonly string[] = [
  "/run/systemd/resolve",
  "/run/resolvconf",
  "/run/NetworkManager/resolv.conf",
  "/run/NetworkManager/no-stub-resolv.conf",
  "/run/connman/resolv.conf",
  "/run/nscd",
  "/run/current-system",
  "/run/booted-system",
  "/run/opengl-driver",
];

/** Folders of the home that hold secrets and nothing that a build needs: hidden as a whole, so that what comes later is, too. */
export const secretFolders: readonly string[] = [
  ...[".aws", ".azure", ".config/gcloud", ".config/gh", ".config/glab-cli", ".config/op", ".kube", ".oci"],
  ...[".config/doctl", ".config/hcloud", ".config/rclone", ".config/sops", ".railway", ".fly", ".pulumi"],
  ...[".gnupg", ".password-store", ".local/share/password-store", ".local/share/gopass", ".config/gopass"],
  ...[".local/share/keyrings", ".local/share/kwalletd", ".kde/share/apps/kwallet", ".config/keepassxc"],
  ...[
    ".config/1Password",
    ".config/Bitwarden",
    ".config/Bitwarden CLI",
    ".pki",
    ".config/age",
    ".step/secrets",
  ],
  ...[".mozilla", ".thunderbird", ".config/google-chrome", ".config/google-chrome-beta", ".config/chromium"],
  ...[
    ".config/BraveSoftware",
    ".config/microsoft-edge",
    ".config/vivaldi",
    ".config/opera",
    ".zen",
    ".librewolf",
  ],
  ...["snap/firefox", "snap/chromium", ".var/app/org.mozilla.firefox", ".var/app/com.google.Chrome"],
  ...[
    ".config/Signal",
    ".config/Slack",
    ".config/discord",
    ".local/share/TelegramDesktop",
    ".bitcoin",
    ".ethereum",
  ],
  ...["Library/Keychains", "Library/Cookies", "Library/Application Support/Google/Chrome"],
  ...["Library/Application Support/Firefox", "Library/Application Support/BraveSoftware", "Library/Safari"],
];

/** Single files of the home, beside those that the table of credential stores has. */
export const secretFiles: readonly string[] = [
  ...[".bash_history", ".zsh_history", ".zhistory", ".histfile", ".sh_history", ".history"],
  ...[".local/share/fish/fish_history", ".local/share/atuin/key", ".local/share/atuin/history.db"],
  ...[".python_history", ".node_repl_history", ".psql_history", ".mysql_history", ".sqlite_history"],
  ...[".rediscli_history", ".mongosh", ".irb_history", ".authinfo", ".authinfo.gpg", ".ssh/environment"],
];

/** What everybody reads, though it may hold a token: git finds its user's name there. */
export const plainStores: ReadonlySet<string> = new Set([".gitconfig"]);

/** Of `~/.ssh`: what tells where to connect. All else there may be a key, whatever it is called. */
export function isPlainSshName(name: string): boolean {
  return /^(config(\.d)?|known_hosts.*|authorized_keys2?|allowed_signers|.*\.pub)$/.test(name);
}

/** Variables that name a file or a folder of credentials (or several, by colons). */
export const secretVariables: readonly string[] = [
  ...["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "AZURE_CONFIG_DIR", "CLOUDSDK_CONFIG", "KUBECONFIG"],
  ...["GOOGLE_APPLICATION_CREDENTIALS", "GNUPGHOME", "PASSWORD_STORE_DIR", "NETRC", "DOCKER_CONFIG"],
  ...["NPM_CONFIG_USERCONFIG", "npm_config_userconfig", "PGPASSFILE", "PIP_CONFIG_FILE", "HISTFILE"],
  ...["GH_CONFIG_DIR", "VAULT_TOKEN_FILE", "SOPS_AGE_KEY_FILE", "RCLONE_CONFIG", "XAUTHORITY"],
];
