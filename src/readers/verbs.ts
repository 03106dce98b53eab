/** Words that, in the name of an operation, say that something will be gone. */
const destructive = wordSet(
  "annihilate decommission delete deprovision destroy drop erase expunge nuke obliterate purge remove reset revoke shred",
  "terminate truncate uninstall unpublish wipe del",
);

/** Words that say that something will stop, and can be started again. */
const interrupting = wordSet(
  "abort archive cordon deactivate deallocate detach disable disconnect drain evict failover halt hibernate",
  "kill offline pause poweroff reboot rebuild rollback shutdown stop suspend unlink",
);

/** `volumeDelete`, `bulk-delete`, `_delete_by_query`, `chat.delete`; the word stands alone, so not `undelete`. */
export function isDestructiveName(name: string): boolean {
  const words = splitWords(name);
  return words.some((word) => destructive.has(word)) && !isHarmless(words);
}

/** `delete`, `delete-user`, `deleteUser`: the name begins with the word; `user-deletes` does not. */
export function isDestructiveStart(name: string): boolean {
  const words = splitWords(name);
  return destructive.has(words[0] ?? "") && !isHarmless(words);
}

/** `stop`, `powerOff`, `rolling-reboot`. */
export function isInterruptingName(name: string): boolean {
  const words = splitWords(name);
  return words.some((word) => interrupting.has(word)) || /^power_?off$/i.test(name);
}

/** The words of a name, lower case: `volumeDelete` is `volume`, `delete`. */
export function splitWords(name: string): readonly string[] {
  return name
    .slice(0, 500)
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

/** To ask for a new password sends a letter, and a dry run does nothing. */
function isHarmless(words: readonly string[]): boolean {
  return (
    (words.includes("reset") && words.some((word) => word === "password" || word === "email")) ||
    (words.includes("dry") && words.includes("run")) ||
    words.includes("preview") ||
    words.includes("undo")
  );
}

function wordSet(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(" ")));
}
