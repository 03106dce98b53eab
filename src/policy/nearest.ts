/** The names that somebody may have meant, the nearest first; none that is nothing like it. */
export function nearest(word: string, names: Iterable<string>, most = 3): readonly string[] {
  const wanted = word.toLowerCase().slice(0, longest);
  return [...names]
    .map((name) => ({ name, cost: distance(wanted, name.toLowerCase()) }))
    .filter(({ cost }) => cost < 0.5)
    .toSorted((a, b) => a.cost - b.cost)
    .slice(0, most)
    .map(({ name }) => name);
}

const longest = 80;

/** 0 the same, 1 nothing in common. A name that holds the word is near, however long it is. */
function distance(word: string, name: string): number {
  if (word === name) return 0;
  if (word.length >= 3 && name.includes(word)) return 0.1;
  const parts = name.split("/");
  return Math.min(
    ...[name, ...parts].map((part) => edits(word, part) / Math.max(word.length, part.length, 1)),
  );
}

/** Letters to change, add, drop or swap with the next (Damerau and Levenshtein, without overlaps). */
function edits(a: string, b: string): number {
  let before: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
