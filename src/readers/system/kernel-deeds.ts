import { gives, help, loses, type SystemDeed, stops } from "./system-deed.js";

/** What changes the running system, what it is made of, and how it starts. */
export const kernelDeeds: readonly SystemDeed[] = [
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
  {
    names: "modprobe",
    when: /^(?!-)\S/,
    unless:
      /(^| )(-n|--dry-run|--show|--show-depends|-D)( |$)|^(br_netfilter|overlay|ip_vs\w*|nf_conntrack|tun|loop|fuse|vhost\w*|kvm\w*|v4l2loopback|zram|nbd|wireguard|dm_\w+|snd\S*|usb\S*|i2c\S*)( |$)/,
    deed: gives("puts code into the running system"),
  },
  {
    names: "kextload kextunload kldload kldunload",
    when: /^./,
    unless: help,
    deed: stops("changes what the running system is made of"),
  },
  { names: "dkms", when: /^remove\b/, deed: loses("removes a driver from every kernel") },
  {
    names: "sysctl",
    when: /(^| )(-\w*p|--load|--system)( |=|$)/,
    unless: /--dry-run/,
    deed: stops("changes settings of the running system"),
  },
  { names: "aa-teardown", when: /^/, unless: help, deed: stops("switches a protection of the system off") },
  {
    names: "aa-disable aa-complain",
    when: /^./,
    unless: help,
    deed: stops("switches a protection of the system off"),
  },
  { names: "auditctl", when: /(^| )-(D|e ?0|d|W)( |$)/, deed: stops("switches the system's own log off") },
  {
    names: "dmesg",
    when: /(^| )(-\w*[cC]|--clear|--read-clear|--console-off)( |$)/,
    deed: loses("empties the system's log"),
  },
  {
    names: "journalctl",
    when: /(^| )--vacuum-(size|time|files)/,
    deed: loses("deletes older parts of the system's log"),
  },
  {
    names: "bcdedit",
    when: /^\/(set|delete|deletevalue|import|default)/i,
    deed: stops("changes what the machine starts from"),
  },
  { names: "timeshift", when: /(^| )--delete(-all)?( |$)/, deed: loses("removes backups") },
  {
    names: "snapper",
    when: /(^| )(delete|rm|undochange|rollback|cleanup)( |$)/,
    unless: help,
    deed: loses("removes backups, or goes back to one"),
  },
  {
    names: "vssadmin wmic",
    when: /(delete|resize) +shadow|shadowcopy +delete/i,
    deed: loses("removes backups"),
  },
  { names: "wbadmin", when: /^delete\b/i, deed: loses("removes backups") },
  { names: "nvram", when: /(^| )-(c|d)( |$)|^\S+=/, deed: stops("changes what the machine starts from") },
  { names: "timedatectl", when: /^set-(time|ntp (0|no|false))/, deed: stops("changes the machine's clock") },
  {
    names: "hwclock",
    when: /(^| )(-\w*[ws]|--(systohc|hctosys|set))( |$)/,
    deed: stops("changes the machine's clock"),
  },
  { names: "rc-update", when: /^(-\S+ )*(del|delete)\b/, deed: stops("keeps a service from starting") },
];
