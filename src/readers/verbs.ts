/** Words that, in the name of an operation, say that something will be gone. */
const destructive: ReadonlySet<string> = new Set([
  "delete",
  "destroy",
  "drop",
  "erase",
  "purge",
  "remove",
  "reset",
  "revoke",
  "terminate",
  "truncate",
  "wipe",
]);

/** `volumeDelete`, `bulk-delete`, `_delete_by_query`, `chat.delete`; the word stands alone, so not `undelete`. */
export function isDestructiveName(name: string): boolean {
  return splitWords(name).some((word) => destructive.has(word));
}

function splitWords(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}
