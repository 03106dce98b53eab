import { paint } from "../prompt/paint.js";
import { showUntrusted } from "../prompt/visible.js";
import { cutMiddle } from "../prompt/width.js";
import { isReachable, type Kept, type KeptThing } from "../trash/entries.js";
import { lstat } from "../world/file-system.js";
import type { Terminal } from "./terminal.js";

/** A deletion for people: what it was, then each thing of it. */
export function describeEntry(kept: Kept, { colour, columns, isTerminal }: Terminal): readonly string[] {
  const { entry, things } = kept;
  const width = isTerminal ? columns : Number.POSITIVE_INFINITY;
  const time = showTime(new Date(entry.time));
  const head = `${entry.id}  ${time}  ${amountOf(things)}`;
  const rest = `  ${showUntrusted(entry.text)}`;
  const shown = things.slice(0, mostThings);
  return [
    `${paint(head, "bold", colour)}${cutMiddle(rest, Math.max(10, width - head.length))}`,
    ...shown.map(({ item }) => {
      const isTaken = lstat(item.path).exists ? " (something lies there now)" : "";
      return cutMiddle(
        `        ${showUntrusted(item.path)}${item.kind === "directory" ? "/" : ""}${isTaken}`,
        width,
      );
    }),
    ...(things.length > mostThings ? [`        and ${things.length - mostThings} more`] : []),
    ...(isReachable(kept) ? [] : ["        its folder is not there now"]),
  ];
}

const mostThings = 5;

/** `3 files, 1.2 MB` */
export function amountOf(things: readonly KeptThing[]): string {
  const files = things.reduce((sum, { item }) => sum + item.files, 0);
  const bytes = things.reduce((sum, { item }) => sum + item.bytes, 0);
  return `${files} ${files === 1 ? "file" : "files"}, ${showBytes(bytes)}`;
}

export function pathsOf({ entry: { items } }: Kept): string {
  const [first] = items;
  const more = items.length > 1 ? ` and ${items.length - 1} more` : "";
  return `${showUntrusted(first?.path ?? "")}${more}`;
}

/** By the clock on the wall, as `ls` has it. */
function showTime(time: Date): string {
  const two = (count: number): string => String(count).padStart(2, "0");
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

function showBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${["B", "kB", "MB", "GB", "TB"][power] ?? "B"}`;
}
