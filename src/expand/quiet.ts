/** Programs that put no text into files: after them the disk holds what it did, or less. */
export function isQuiet(tool: string): boolean {
  return quiet.has(tool);
}

/** Programs that take descriptor 0 only where no file is named; after them it is still whole if one was. */
export function leavesInput(tool: string): boolean {
  return quiet.has(tool) && !readers.has(tool);
}

const readers = new Set(
  "cat grep egrep fgrep rg head tail wc cut tr od xxd nl jq base64 md5sum sha256sum read".split(" "),
);

const quiet = new Set(
  (
    "ls cat grep egrep fgrep rg head tail wc cut tr od xxd nl jq base64 md5sum sha256sum basename dirname realpath " +
    "readlink pwd date whoami id uname hostname sleep which whereis mkdir true false test stat file du df ps " +
    "rm rmdir unlink chmod chown kill printenv seq expr nproc uptime echo printf"
  ).split(" "),
);
