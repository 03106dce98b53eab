import { circumstances, type Headline } from "./headlines.js";
import type { Look } from "./paint.js";
import type { Frame, Section } from "./section.js";
import { showUntrusted } from "./visible.js";
import { cutEnd, cutMiddle } from "./width.js";
import { foldEnd, foldMiddle, type Piece, type Row, wrapPieces } from "./wrapping.js";

/** What would be lost: for each thing its words, then where and whether there is a way back. */
export function headlineSection(headlines: readonly Headline[], frame: Frame): Section {
  const width = frame.columns - 2;
  const words = headlines.map((line) => wrapPieces([{ text: say(line, frame), look: "bold" }], width));
  const details = headlines.map((line) => wrapPieces(detailPieces(line, frame), width - 2));
  const wants = headlines.map(
    (_, at) => Math.min(words[at]?.length ?? 1, 3) + Math.min(details[at]?.length ?? 1, 2),
  );
  const wanted = Math.min(
    wants.reduce((sum, want) => sum + want, 0),
    10,
  );
  const draw = (at: number, budget: number): readonly Row[] => {
    const said = words[at] ?? [];
    const known = details[at] ?? [];
    const forDetails = budget < 2 ? 0 : Math.min(known.length, Math.max(1, budget - said.length));
    return [
      ...indent(foldMiddle(said, budget - forDetails, [], width), 1),
      ...indent(forDetails === 0 ? [] : foldEnd(known, forDetails, width - 2), 3),
    ];
  };
  const fold = (budget: number): readonly Row[] => {
    const seen = headlines.length <= budget ? headlines.length : Math.max(1, budget - 1);
    const hidden = headlines.length - seen;
    const budgets = shareOut(wants.slice(0, seen), budget - (hidden > 0 && budget > 1 ? 1 : 0));
    const rows = budgets.flatMap((rowsOfOne, at) => draw(at, rowsOfOne));
    return hidden > 0 && budget > 1
      ? [...rows, [{ text: cutEnd(`   … and ${hidden} more`, frame.columns), look: "warning" }]]
      : rows;
  };
  return {
    rank: 0,
    least: Math.min(wanted, 3),
    wanted,
    opens: false,
    fold,
  };
}

function say(line: Headline, { redact }: Frame): string {
  return cutMiddle(showUntrusted(`${line.isCertain ? "Would" : "Might"} ${redact(line.words)}`), 4000);
}

function detailPieces(line: Headline, { redact }: Frame): readonly Piece[] {
  return circumstances(line).flatMap((text, at) => [
    ...(at === 0 ? [] : [{ text: " · ", look: "dim" as const }]),
    { text: showUntrusted(redact(text)), look: lookOf(text) },
  ]);
}

function lookOf(text: string): Look {
  return text === "in production" || text === "no way back"
    ? "danger"
    : text.endsWith("unknown")
      ? "warning"
      : "plain";
}

function indent(rows: readonly Row[], columns: number): readonly Row[] {
  return rows.map((row) => [{ text: " ".repeat(columns), look: "plain" }, ...row]);
}

/** One row each, then more for each in turn as long as it wants them. */
function shareOut(wants: readonly number[], rows: number): readonly number[] {
  const budgets = wants.map(() => 1);
  let left = rows - wants.length;
  for (let hasGrown = true; left > 0 && hasGrown; ) {
    hasGrown = false;
    for (const [at, want] of wants.entries()) {
      const budget = budgets[at] ?? 1;
      if (left <= 0 || budget >= want) continue;
      budgets[at] = budget + 1;
      left -= 1;
      hasGrown = true;
    }
  }
  return budgets;
}
