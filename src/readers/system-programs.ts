import { showArg } from "../model/arg.js";
import { type OtherEffect, plainEffect } from "../model/effect.js";
import { toolName } from "./file-effects.js";
import { effects, type Reader } from "./reader.js";

interface Deed {
  readonly names: string;
  /** About the words behind the name, joined by blanks. */
  readonly when: RegExp;
  readonly unless?: RegExp;
  readonly deed: Pick<OtherEffect, "action" | "recovery" | "because">;
}

const stops = (because: string) => ({ action: "modify", recovery: "recreate", because }) as const;
const loses = (because: string) => ({ action: "delete", recovery: "none", because }) as const;
const gives = (because: string) => ({ action: "grant", recovery: "unknown", because }) as const;
const help = /(^| )(--help|--version)( |$)/;

/** Programs that rule this machine, by the options that make them do so. Without those they show, or do what can be done back. */
const deeds: readonly Deed[] = [
  {
    names: "shutdown reboot halt poweroff",
    when: /^/,
    unless: /(^| )(-c|-k|-w|--wtmp-only|--help|--version|--show)( |$)/,
    deed: stops("the machine stops, and this session with it"),
  },
  {
    names: "init telinit",
    when: /^\s*[016sS]\b/,
    deed: stops("the machine stops, and this session with it"),
  },
  { names: "kexec", when: /(^| )(-e|--exec)\b/, deed: stops("the machine starts another kernel") },
  // A process of one's own is a developer's day; process 1, all of them, or everything of somebody is not.
  {
    names: "kill",
    when: /^(-\S+ |-s \S+ |-n \S+ )?(-- )?.*(^| )(-- )?(1|-1)$/,
    unless: /^-1$|^-l/,
    deed: stops("ends every process there is, or the first of them"),
  },
  {
    names: "pkill killall skill",
    when: /(^| )(-u|-U|--user|--euid|--uid)[ =]?\S|(^| )(init|systemd|sshd|dockerd|containerd|postgres|postmaster|mysqld|mariadbd|mongod|redis-server|kubelet|Xorg|gnome-shell|launchd|WindowServer|loginwindow|Finder)( |$)/,
    unless: /(^| )-0( |$)/,
    deed: stops("ends a server, or all that somebody runs"),
  },
  {
    names: "pkill killall",
    when: /(^| )(-f )?(\.|\.\*|'')( |$)/,
    deed: stops("ends every process that it may"),
  },
  { names: "killall5", when: /^/, unless: help, deed: stops("ends every process there is") },
  {
    names: "fuser",
    when: /(^| )-\w*k\w*m|(^| )-\w*m\w*k|(^| )-k .*(-m|--mount)/,
    deed: stops("ends every process that uses the file system"),
  },
  {
    names: "iptables ip6tables ebtables arptables iptables-legacy ip6tables-legacy iptables-nft",
    when: /(^| )(-F|--flush|-X|--delete-chain|-D|--delete)( |$)/,
    deed: loses("drops rules of the firewall"),
  },
  {
    names: "iptables ip6tables",
    when: /(^| )(-P|--policy) \S+ (DROP|ACCEPT|REJECT)/,
    deed: stops("changes what the firewall does with everything else"),
  },
  {
    names: "iptables-restore ip6tables-restore",
    when: /^/,
    unless: /(^| )(-t|--test|--help|-n|--noflush)( |$)/,
    deed: loses("replaces every rule of the firewall"),
  },
  {
    names: "nft",
    when: /(^| )(-f|--file)( |=)/,
    unless: /(^| )(-c|--check)( |$)/,
    deed: stops("replaces rules of the firewall"),
  },
  {
    names: "firewall-cmd",
    when: /--(remove|delete)-|--panic-on|--complete-reload|--set-default-zone|--reset-to-defaults/,
    deed: stops("takes rules of the firewall away"),
  },
  {
    names: "pfctl",
    when: /(^| )(-F|-d|-f)( |$)/,
    unless: /(^| )-n/,
    deed: stops("takes rules of the firewall away"),
  },
  { names: "ifconfig", when: / (down|delete|destroy)$/, deed: stops("takes a connection down") },
  { names: "ifdown", when: /^./, unless: help, deed: stops("takes a connection down") },
  { names: "route", when: /(^| )(del|delete|flush)( |$)/, deed: stops("drops a route") },
  { names: "tc", when: /(^| )(del|delete|replace)( |$)/, deed: stops("changes how packets are sent") },
  {
    names: "userdel deluser groupdel delgroup",
    when: /^./,
    unless: help,
    deed: loses("deletes an account or group of this machine"),
  },
  {
    names: "usermod",
    when: /(^| )(-\w*[LeGgsuldmp]|--(lock|expiredate|groups|gid|shell|uid|login|home|move-home|password))( |=)|(^| )-a?G /,
    deed: gives("changes what an account may do"),
  },
  {
    names: "usermod adduser gpasswd",
    when: /\b(sudo|wheel|admin|docker|root|lxd)\b/,
    deed: gives("lets an account rule this machine"),
  },
  {
    names: "passwd",
    when: /(^| )(-\w*[dleu]|--(delete|lock|expire|unlock))( |$)/,
    deed: gives("changes how an account signs in"),
  },
  { names: "chpasswd newusers", when: /^/, unless: help, deed: gives("sets passwords") },
  {
    names: "visudo",
    when: /^/,
    unless: /(^| )(-c|--check|--help|--version|-V|-h)( |$)/,
    deed: gives("changes who may become root"),
  },
  { names: "setenforce", when: /^(0|permissive)/i, deed: stops("switches a protection of the system off") },
  {
    names: "modprobe",
    when: /(^| )(-r|--remove)( |$)/,
    unless: /(^| )(-n|--dry-run|--show)( |$)/,
    deed: stops("takes a driver out of the running system"),
  },
  { names: "rmmod", when: /^./, unless: help, deed: stops("takes a driver out of the running system") },
  { names: "insmod", when: /^./, unless: help, deed: gives("puts code into the running system") },
  {
    names: "sysctl",
    when: /(^| )(-\w*w|--write)( |$)|^[\w./-]+=\S/,
    deed: stops("changes a setting of the running system"),
  },
  {
    names: "umount",
    when: /(^| )(-\w*[afl]|--(all|force|lazy))( |$)/,
    deed: stops("takes file systems off, whoever uses them"),
  },
  {
    names: "mount",
    when: /remount/,
    unless: /(^| )--fake/,
    deed: stops("changes a file system that is in use"),
  },
  { names: "swapoff", when: /^./, unless: help, deed: stops("takes memory away") },
  {
    names: "update-rc.d",
    when: /(^| )(remove|disable|defaults-disabled)( |$)/,
    deed: stops("keeps a service from starting"),
  },
  { names: "chkconfig", when: /(^| )(off|--del)( |$)/, deed: stops("keeps a service from starting") },
  { names: "update-initramfs", when: /(^| )-d/, deed: loses("removes what the machine starts from") },
  {
    names: "grub-install grub2-install",
    when: /^./,
    unless: help,
    deed: stops("replaces what the machine starts from"),
  },
  {
    names: "efibootmgr",
    when: /(^| )(-\w*[BON]|--(delete-bootnum|delete-bootorder))( |$)/,
    deed: loses("removes what the machine starts from"),
  },
  {
    names: "loginctl",
    when: /(^| )(terminate|kill)-(session|user|seat)|(^| )(poweroff|reboot|suspend)( |$)/,
    deed: stops("ends somebody's session"),
  },
  {
    names: "csrutil spctl",
    when: /(^| )(disable|--master-disable|--global-disable)( |$)/,
    deed: stops("switches a protection of the system off"),
  },
  {
    names: "tmutil",
    when: /(^| )(delete|deletelocalsnapshots|disable|disablelocal|removedestination)( |$)/,
    deed: loses("removes backups"),
  },
  {
    names: "diskutil",
    when: /(^| )(erase\w*|partitionDisk|zeroDisk|randomDisk|secureErase|reformat|apfs delete\w*|unmountDisk force)( |$)/i,
    deed: loses("erases a disk"),
  },
  { names: "nginx openresty", when: /(^| )-s ?(stop|quit)( |$)/, deed: stops("stops the web server") },
  {
    names: "apachectl apache2ctl httpd",
    when: /(^| )(-k )?(stop|graceful-stop)( |$)/,
    deed: stops("stops the web server"),
  },
  {
    names: "haproxy",
    when: /(^| )-s[ft]( |$)/,
    unless: /(^| )-c( |$)/,
    deed: stops("ends the running load balancer"),
  },
  { names: "caddy", when: /^stop\b/, deed: stops("stops the web server") },
  { names: "postfix sendmail exim", when: /^(stop|abort)\b/, deed: stops("stops the mail server") },
  { names: "postsuper", when: /(^| )-d( |$)/, deed: loses("deletes mail that waits") },
  {
    names: "nsupdate",
    when: /^/,
    unless: /(^| )-V/,
    deed: { action: "modify", recovery: "none", because: "changes a zone of the domain name system" },
  },
  {
    names: "rndc",
    when: /(^| )(delzone|stop|halt|flush\w*|freeze)( |$)/,
    deed: stops("changes what the name server serves"),
  },
  {
    names: "kubeadm",
    when: /^reset/,
    unless: /--dry-run/,
    deed: loses("takes the node out of its cluster and wipes what it keeps"),
  },
  {
    names: "gitlab-ctl",
    when: /^(stop|kill|cleanse|uninstall|reset|promote\S*|pg-upgrade|term|hup)\b/,
    deed: stops("stops or clears the server"),
  },
  {
    names: "k3s-uninstall.sh k3s-agent-uninstall.sh rke2-uninstall.sh k3s-killall.sh",
    when: /^/,
    deed: loses("removes the cluster of this machine"),
  },
  { names: "atrm", when: /^./, deed: loses("removes what waits to be run") },
  {
    names: "nix-collect-garbage",
    when: /(^| )(-d|--delete-old|--delete-older-than)( |$)/,
    unless: /--dry-run/,
    deed: loses("removes every older state of the system"),
  },
];

const byName = new Map<string, Deed[]>();
for (const deed of deeds)
  for (const name of deed.names.split(" ")) byName.set(name, [...(byName.get(name) ?? []), deed]);

/** Programs that stop, open or take apart the machine itself. */
export const systemPrograms: Reader = {
  names: [...byName.keys()],
  read(call) {
    const tool = toolName(call);
    const words = call.argv.slice(1).map(showArg).join(" ").slice(0, 4096);
    const found = (byName.get(tool) ?? []).find(
      ({ when, unless }) => when.test(words) && unless?.test(words) !== true,
    );
    if (found === undefined || help.test(words)) return effects();
    const [operation = tool] = words.split(" ");
    return effects({
      ...plainEffect(tool, found.deed.action, words || tool),
      ...found.deed,
      resource: "process",
      operation: `${tool} ${operation}`.trim(),
    });
  },
};
