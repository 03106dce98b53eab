import { help, loses, type SystemDeed, stops } from "../system/system-deed.js";

const dryRun = /(^| )(-\w*n\w*|--dry-run)( |$)/;
const test = /(^| )(-t|--test)( |$)/;

/** Managers of pools, volumes and devices that go by names of their own; about the words behind the name. */
export const diskDeeds: readonly SystemDeed[] = [
  {
    names: "zpool",
    when: /^(destroy|labelclear|remove|detach|create|split|rollback)\b/,
    unless: dryRun,
    deed: loses("takes disks, and what they hold, out of a pool or for a new one"),
  },
  {
    names: "zpool",
    when: /^(offline|export|replace|upgrade +-|checkpoint +(-d|--discard)|import .*-\w*[FX]|reguid)/,
    unless: dryRun,
    deed: stops("changes a pool while its data is in use"),
  },
  {
    names: "zfs",
    when: /^(destroy\b|rollback\b|(receive|recv)\b.* -\w*F)/,
    unless: dryRun,
    deed: loses("a dataset or snapshot goes, or all that is newer than one"),
  },
  {
    names: "zfs",
    when: /^((umount|unmount)\b.* -\w*[fa]|unload-key\b|upgrade +-)/,
    deed: stops("takes file systems away from who uses them"),
  },
  {
    names: "btrfs",
    when: /^(su\w* +del\w*|(dev\w*|replace) +(del\w*|rem\w*|start)|dev\w* +add\b.* -\w*f|check\b.* --(repair|init-\S+|clear-\S+)|rescue +\S|qg\w* +(destroy|clear\S*))/,
    deed: loses("a subvolume, or what a device holds, goes"),
  },
  {
    names: "btrfs",
    when: /^((fi\w* +resize)\b(?! +(\d+:)?(\+|max))|bal\w* +(start\b|-|\/)|quota +disable)/,
    deed: stops("rearranges a file system that is in use"),
  },
  {
    names: "lvresize",
    when: /(^| )(-[Ll]|--size|--extents)(?=[ =]?[^+ =])/,
    unless: test,
    deed: loses("may cut off what lies behind the new end"),
  },
  {
    names: "lvconvert",
    when: /(^| )(--merge|--type|--uncache|--splitcache|--mergesnapshot|--thinpool|--repair|-m0|--mirrors)( |=|$)/,
    unless: test,
    deed: loses("replaces what a volume holds, or how it is kept"),
  },
  {
    names: "lvchange vgchange",
    when: /(^| )(-\w*a\w* ?[el]?n|--activate[ =][el]?n)/,
    unless: test,
    deed: stops("takes volumes away from who uses them"),
  },
  { names: "vgexport vgsplit vgmerge", when: /^./, unless: test, deed: stops("takes volumes away") },
  {
    names: "dmsetup",
    when: /^(-\S+ )*(remove\w*|wipe_table|clear|load|reload|create|suspend|rename)\b/,
    deed: loses("what is mapped there can no longer be reached, or is written over"),
  },
  {
    names: "losetup",
    when: /(^| )(-D|--detach-all)( |$)/,
    deed: stops("takes images away from who uses them"),
  },
  {
    names: "nvme",
    when: /^(format|sanitize\b(?!-log)|write\S*|dsm|(create|delete|detach|attach)-ns|zns +(reset|finish)\S*|ocp +\S*clear)/,
    deed: loses("erases a disk or a part of it"),
  },
  {
    names: "nvme",
    when: /^(fw-\S+|security-send|subsystem-reset|reset|set-feature|admin-passthru|io-passthru)\b/,
    unless: /^fw-log/,
    deed: stops("changes a disk that is in use"),
  },
  {
    names: "diskutil",
    when: /^((cs|coreStorage|appleRAID|ar) +(delete\w*|create|remove)|resizeVolume|(merge|split)Partitions?|apfs +(erase\w*|resizeContainer|deleteSnapshot))\b/i,
    deed: loses("takes a disk or a part of it apart"),
  },
  {
    names: "hdiutil",
    when: /^(create\b.* -ov\b|erase\w*|resize|burn)|^(detach|eject|unmount)\b.* -force/,
    deed: loses("writes over an image, or takes it away from who uses it"),
  },
  { names: "asr", when: /(^| )-*(erase|restore)( |$)/, deed: loses("writes over a disk") },
  {
    names: "hdparm",
    when: /(^| )(--security-(set-pass|disable|unlock|freeze)|-N ?p|-r ?1|--fwdownload\S*|--idle-unload|-Y|--dco-\w+)/,
    unless: /--dco-identify/,
    deed: stops("locks a disk, or changes what it is"),
  },
  {
    names: "mdadm",
    when: /(^| )(--stop|-S|--grow|-G|--kill-subarray\S*)( |$)/,
    deed: stops("changes or stops an array"),
  },
  {
    names: "cryptsetup",
    when: /(^| )(luksAddKey|luksChangeKey|luksConvertKey|convert|luksUUID .*--uuid|config|luksSuspend)( |$)/,
    deed: stops("changes who can open a disk"),
  },
  {
    names: "sg_format sg_sanitize sg_write_same sg_unmap sg_reset",
    when: /^./,
    unless: help,
    deed: loses("erases a disk"),
  },
  {
    names: "sedutil-cli",
    when: /--(PSIDrevert|revert\S*|initialSetup|setLockingRange|yesIreallywanttoERASE\S*)/i,
    deed: loses("erases a disk"),
  },
  { names: "nwipe dban", when: /^/, unless: help, deed: loses("erases disks") },
  { names: "multipath", when: /(^| )-[Ff]( |$)/, deed: stops("takes disks away from who uses them") },
  {
    names: "drbdadm drbdsetup",
    when: /^(-\S+ )*(invalidate\S*|wipe-md|create-md|down|detach|disconnect|secondary|resize)\b/,
    deed: loses("drops or writes over a copy of a volume"),
  },
  {
    names: "stratis",
    when: /^(pool|filesystem|fs) +(destroy|rm)\b/,
    deed: loses("removes a pool or volume"),
  },
  { names: "vdo vdostats", when: /^(remove|stop)\b/, deed: loses("removes a volume") },
  {
    names: "ceph",
    when: /(^| )(osd (pool (delete|rm)|purge\S*|destroy\S*|rm|out|crush (rm|remove))|fs (rm|fail)|mon (rm|remove)|auth (del|rm)|pg force\S*)( |$)/,
    deed: loses("takes a part of the cluster's data away"),
  },
  { names: "ceph-volume", when: /(^| )(zap|destroy)( |$)/, deed: loses("erases a disk") },
  {
    names: "rbd",
    when: /^(-\S+ )*(rm|remove|resize\b.*--allow-shrink|snap(shot)? (rm|remove|purge|rollback|revert)|trash (rm|remove|purge)|mirror \S+ (disable|demote))\b/,
    deed: loses("an image or snapshot goes, or all that is newer than one"),
  },
  {
    names: "rados",
    when: /(^| )(rm|rmpool|purge|cleanup)( |$)/,
    deed: loses("removes objects from the cluster"),
  },
  {
    names: "gluster",
    when: /(^| )(volume (delete|stop|reset|remove-brick|replace-brick)|snapshot (delete|restore)|peer detach)( |$)/,
    deed: loses("takes a volume or a part of it away"),
  },
  {
    names: "iscsiadm",
    when: /(^| )(-o delete|--op[ =]delete|--logout|-u)( |$)/,
    deed: stops("takes disks away"),
  },
];
