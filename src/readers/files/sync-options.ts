import { declareOptions } from "../options.js";

/** Options by which rsync deletes what the source does not have. */
export const deletes = [
  "delete",
  "delete-before",
  "delete-during",
  "delete-delay",
  "delete-after",
  "delete-excluded",
  "delete-missing-args",
  "del",
];

/** Options that spare what would go, or take more of it than the source tells. */
export const filters = [
  "delete-excluded",
  "exclude",
  "include",
  "exclude-from",
  "include-from",
  "filter",
  "files-from",
  "F",
  "C",
];

const letters = "avzrhPqcubdlLkKHpgEAXotSWxmCFDOJNUsi48";

const withValue = [
  "exclude",
  "include",
  "exclude-from",
  "include-from",
  "files-from",
  "rsync-path",
  "log-file",
  "log-file-format",
  "out-format",
  "write-batch",
  "only-write-batch",
  "read-batch",
  "compare-dest",
  "copy-dest",
  "partial-dir",
  "max-size",
  "min-size",
  "modify-window",
  "timeout",
  "contimeout",
  "info",
  "debug",
  "skip-compress",
  "compress-choice",
  "checksum-choice",
  "usermap",
  "groupmap",
  "iconv",
  "sockopts",
  "address",
  "stop-after",
  "stop-at",
  "early-input",
  "bwlimit",
  "port",
  "password-file",
  "backup-dir",
  "suffix",
  "chmod",
  "chown",
  "max-delete",
  "link-dest",
];

/** rsync's options: https://download.samba.org/pub/rsync/rsync.1 */
export const options = declareOptions("anywhere", [
  ...deletes.map((name) => `--${name}`),
  ...[...letters].map((letter) => `-${letter}`),
  "-n --dry-run",
  "-e --rsh:",
  "-f --filter:",
  "-B --block-size:",
  "-M --remote-option:",
  "-T --temp-dir:",
  ...withValue.map((name) => `--${name}:`),
  "--remove-source-files",
  "--remove-sent-files",
  "--backup",
  "--existing",
  "--ignore-existing",
  "--help",
  "--version",
]);
