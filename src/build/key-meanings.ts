/** What the tables of a page say about keys: of a row its first cell's words in backquotes → its last cell, as plain text. */
export function keyMeanings(page: string): ReadonlyMap<string, string> {
  const meanings = new Map<string, string>();
  for (const line of page.split("\n")) {
    if (!line.startsWith("| `")) continue;
    const cells = line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim());
    const meaning = plain(cells.at(-1) ?? "");
    for (const [, key] of (cells[0] ?? "").matchAll(/`([\w-]+)[^`]*`/g))
      if (key !== undefined && !meanings.has(key)) meanings.set(key, meaning);
  }
  return meanings;
}

function plain(cell: string): string {
  return cell.replaceAll("\\|", "|").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
}
