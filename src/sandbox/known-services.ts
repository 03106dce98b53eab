import type { SharedName } from "../model/sandbox-setting.js";

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
