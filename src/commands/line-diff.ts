/** One row of a diff: `-` and `+` rows are what goes and comes, ` ` rows stand around them, `@` begins a place. */
export interface DiffRow {
  readonly sign: " " | "-" | "+" | "@";
  readonly text: string;
}

/** What changes from one text to the other, with three lines around each place. */
export function diffLines(before: string, after: string): readonly DiffRow[] {
  const rows = [...compare(linesOf(before), linesOf(after))];
  const isNear = rows.map((_, at) =>
    rows.slice(Math.max(0, at - 3), at + 4).some(({ sign }) => sign !== " "),
  );
  return rows.flatMap((row, at): readonly DiffRow[] => {
    if (isNear[at] !== true) return [];
    const begins = isNear[at - 1] !== true;
    return begins ? [{ sign: "@", text: `line ${lineNumber(rows, at)}` }, row] : [row];
  });
}

function linesOf(text: string): readonly string[] {
  const lines = text.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** Of the new text. */
function lineNumber(rows: readonly DiffRow[], at: number): number {
  return rows.slice(0, at).filter(({ sign }) => sign !== "-").length + 1;
}

/** The common head and tail, and between them the longest common subsequence; settings files are small. */
function* compare(old: readonly string[], fresh: readonly string[]): Iterable<DiffRow> {
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  const most = Math.min(old.length, fresh.length) - head;
  while (tail < most && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail++;
  for (const text of old.slice(0, head)) yield { sign: " ", text };
  yield* compareMiddle(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail));
  for (const text of old.slice(old.length - tail)) yield { sign: " ", text };
}

function* compareMiddle(old: readonly string[], fresh: readonly string[]): Iterable<DiffRow> {
  const width = fresh.length + 1;
  const isSmall = old.length * fresh.length < 4_000_000;
  const common = new Uint32Array(isSmall ? (old.length + 1) * width : 0);
  const at = (row: number, column: number) => common[row * width + column] ?? 0;
  if (isSmall)
    for (let i = old.length - 1; i >= 0; i--)
      for (let j = fresh.length - 1; j >= 0; j--)
        common[i * width + j] =
          old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    const [gone, come] = [old[i], fresh[j]];
    if (gone !== undefined && gone === come) {
      yield { sign: " ", text: gone };
      i++;
      j++;
    } else if (gone !== undefined && (come === undefined || at(i + 1, j) >= at(i, j + 1))) {
      yield { sign: "-", text: gone };
      i++;
    } else {
      yield { sign: "+", text: come ?? "" };
      j++;
    }
  }
}
