import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Effect, type OtherEffect, plainEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { isDiskName, overwriting, readPaths, toolName } from "../file-effects.js";
import { resolvePath } from "../path.js";
import { effects, inner, type Reader } from "../reader.js";

interface DiskTool {
  readonly names: readonly string[];
  /** Whether these words write; read-only forms (`fdisk -l`, `wipefs -n`) do not. */
  readonly writes: (words: readonly string[]) => boolean;
  /** What it works on has names of its own, not paths: logical volumes. */
  readonly byName?: true;
}

const unless =
  (reads: RegExp) =>
  (words: readonly string[]): boolean =>
    !words.some((word) => reads.test(word));
const when =
  (needed: RegExp) =>
  (words: readonly string[]): boolean =>
    words.some((word) => needed.test(word));

const fileSystems = [
  ...["ext2", "ext3", "ext4", "xfs", "btrfs", "vfat", "fat", "msdos", "exfat", "ntfs", "f2fs", "bfs"],
  ...["cramfs", "minix", "jfs", "reiserfs", "nilfs2", "ubifs", "erofs", "udf", "gfs2", "ocfs2"],
  ...["bcachefs", "zonefs", "hfsplus", "hfs", "apfs", "f2fs", "lustre", "nilfs", "squashfs"],
];
const makers = [
  ...["mkfs", "mke2fs", "mkdosfs", "mkntfs", "mkexfatfs", "mkreiserfs", "mkudffs", "mkhybrid"],
  ...["newfs", "newfs_hfs", "newfs_apfs", "newfs_msdos", "newfs_exfat", "newfs_udf"],
];

const tools: readonly DiskTool[] = [
  {
    names: [...makers, ...new Set(fileSystems.map((one) => `mkfs.${one}`))],
    writes: unless(/^(-V|-N|-n|--version|--help)$/),
  },
  { names: ["mkswap", "blkdiscard"], writes: unless(/^(-V|-h|--version|--help)$/) },
  { names: ["wipefs"], writes: (words) => when(/^-\w*[ao]|^--(all|offset)/)(words) && !isDryRun(words) },
  // `-n` reads each block and writes it back, which a power cut turns into a loss.
  { names: ["badblocks"], writes: when(/^-\w*[wn]/) },
  { names: ["fdisk"], writes: unless(/^(-\w*[lsxVh]|--(list|list-details|getsz|help|version))$/) },
  {
    names: ["sfdisk"],
    writes: (words) =>
      unless(/^(-[ldJsVFTvhqB]|--(list\S*|dump|json|show-\S+|verify|help|version|backup-pt-sectors))$/)(
        words,
      ) && !isDryRun(words),
  },
  { names: ["cfdisk", "cgdisk"], writes: unless(/^(-[hV]|--(help|version))$/) },
  { names: ["gdisk"], writes: unless(/^-l/) },
  {
    names: ["sgdisk"],
    writes: when(/^(-[oZzdngGtcuUAaemhrsSjRl]|--(clear|zap|delete|new|typecode|mbrtogpt|replicate|load))/),
  },
  {
    names: ["parted"],
    writes: (words) => !words.some((word) => /^(-\w*l|--list)$/.test(word)) && changes(words),
  },
  {
    names: ["hdparm"],
    writes: when(/^--(security-erase|trim-sector|write-sector|repair-sector|make-bad|dco-restore)/),
  },
  { names: ["mdadm"], writes: when(/^(-[CSfr]|--(create|stop|zero-superblock|fail|remove))$/) },
  {
    names: ["cryptsetup"],
    writes: when(
      /^(luksFormat|format|erase|luksErase|luksKillSlot|luksRemoveKey|luksHeaderRestore|reencrypt)$/,
    ),
  },
  { names: ["pvcreate", "pvremove"], writes: (words) => !isTest(words) },
  {
    names: [
      "fsck",
      "e2fsck",
      ...["ext2", "ext3", "ext4", "vfat", "xfs", "btrfs"].map((one) => `fsck.${one}`),
    ],
    writes: (words) => when(/^-\w*[yap]/)(words) && !when(/^-\w*[nN]/)(words),
  },
  {
    names: ["xfs_repair", "ntfsfix", "reiserfsck", "zerofree"],
    writes: unless(/^(-\w*[nVh]|--(no-action|check|help|version))$/),
  },
  { names: ["ntfsresize"], writes: unless(/^(-\w*[niVh]|--(no-action|info|help|version).*)$/) },
  { names: ["tune2fs", "xfs_admin", "tunefs"], writes: unless(/^-\w*[lVhpu]$/) },
  { names: ["resize2fs"], writes: (words) => when(/^-M$|^\d+[sKMGT]?$/)(words) && !when(/^-P$/)(words) },
  { names: ["debugfs", "xfs_db"], writes: when(/^-\w*[wx]$/) },
  { names: ["growpart"], writes: unless(/^(-N|--dry-run|-h|--help)$/) },
  {
    names: ["sfill", "flash_erase", "flash_eraseall", "flashcp", "nandwrite", "ubiformat"],
    writes: unless(/^(-h|--help|--version)$/),
  },
  { names: ["bmaptool"], writes: when(/^copy$/) },
  {
    names: ["lvremove", "vgremove", "vgreduce", "lvreduce", "vgcfgrestore"],
    writes: (words) => !isTest(words),
    byName: true,
  },
];

/** `lvm lvremove x` is `lvremove x`. */
const lvm = "lvm";

const byName = new Map(tools.flatMap((tool) => tool.names.map((name) => [name, tool] as const)));

/** Programs that make file systems, partitions and volumes anew: whatever was on the disk is gone. */
export const disks: Reader = {
  names: [...byName.keys(), lvm],
  read(call, world) {
    if (toolName(call) === lvm) return readLvm(call);
    const tool = byName.get(toolName(call));
    const words = call.argv.slice(1);
    if (tool === undefined || !tool.writes(words.map(showArg))) return effects();
    const operands = words.filter((word) => !showArg(word).startsWith("-"));
    if (tool.byName === true) return effects(...operands.map((word) => removal(call, word)));
    return effects(
      ...readPaths(
        call,
        world,
        operands.filter((word) => isDisk(word, call, world)),
        "overwrite",
        (path) => overwriting(toolName(call), path, world),
      ),
    );
  },
};

function readLvm(call: Call): ReturnType<Reader["read"]> {
  const words = call.argv.slice(1);
  const at = words.findIndex((word) => !showArg(word).startsWith("-"));
  const name = words[at];
  if (name === undefined) return effects();
  return inner({
    kind: "call",
    argv: [name, ...words.slice(0, at), ...words.slice(at + 1)],
    via: lvm,
    sight: call.sight === "later" ? "later" : "never",
  });
}

/** `mkfs.ext4 -L data -m 1 /dev/sdb1 512M`: of the words, a device, or an image that is there. */
function isDisk(word: Arg, call: Call, world: World): boolean {
  const path = resolvePath(call, world, word);
  if (path === undefined) return false;
  if (!isKnown(path)) return true;
  const stat = world.lstat(path);
  return isDiskName(path) || (stat.exists && stat.kind !== "directory");
}

function removal(call: Call, word: Arg): Effect {
  const tool = toolName(call);
  const effect: OtherEffect = {
    ...plainEffect(tool, "delete", showArg(word)),
    resource: "device",
    operation: tool,
    recovery: "none",
    because: "removes a volume, and what is stored on it",
  };
  return effect;
}

function isDryRun(words: readonly string[]): boolean {
  return words.some((word) => /^(-n|--no-act)$/.test(word));
}

function isTest(words: readonly string[]): boolean {
  return words.some((word) => /^(-t|--test|--help|-h|--version)$/.test(word));
}

/** parted's commands stand behind the device; without any it asks at the terminal. */
function changes(words: readonly string[]): boolean {
  const [, ...commands] = words.filter((word) => !word.startsWith("-"));
  if (commands.length === 0) return words.some((word) => !word.startsWith("-"));
  return commands.some((word) => /^(mk|rm$|resc|resi|set$|toggle|name$|disk_)/.test(word));
}
