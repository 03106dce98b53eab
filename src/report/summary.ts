import { paint } from "../prompt/paint.js";
import { paintRow, wrapPieces } from "../prompt/wrapping.js";
import { configLines } from "./config-text.js";
import { type Ending, type Finding, headline, numberedExceptions, timesWords } from "./findings.js";
import { cutInLog, showInLog } from "./shown.js";

export interface SummaryLook {
  readonly colour: boolean;
  /**
   * Of the terminal. Infinite where there is none: a row that a job's log would wrap could begin with what the agent chose,
   * and `::` at the beginning of a row is an order to GitHub's runner.
   */
  readonly columns: number;
}

/** For the end of a session: what was denied, why, and how it would be allowed. No rows where nothing was. */
export function summaryRows(ending: Ending, look: SummaryLook): readonly string[] {
  const { findings } = ending;
  const head = headline(ending);
  if (head === "") return [];
  const shown = findings.slice(0, mostShown);
  const hidden = ending.denied + ending.observed - ending.followers - sum(shown);
  const log = `holdpoint log --session ${ending.session}`;
  return [
    // The job's last line may lack its end; ours begins on one of its own all the same.
    "",
    paint(`holdpoint: ${head}`, "bold", look.colour),
    ...shown.flatMap((finding) => findingRows(finding, look)),
    ...(hidden > 0 ? [`  … and ${hidden} more: ${log} --only denied`] : []),
    ...(ending.followers > 0
      ? [`  and ${ending.followers} that came after one of these on its line: a refusal ends the line`]
      : []),
    ...allowRows(ending, shown),
    `  log: ${showInLog(ending.log)}`,
  ];
}

function findingRows(finding: Finding, look: SummaryLook): readonly string[] {
  const { number, text, count, cause, reasons, answeredBy, exceptions } = finding;
  const say = (words: string) => row("     ", words, look);
  return [
    ...row(`${number}.`.padStart(4), `${cutInLog(text, mostText)}${timesWords(count)}`, look, "bold"),
    ...reasons
      .slice(0, mostReasons)
      .flatMap(({ rule, because, instead, would }) => [
        ...say(`rule ${rule}: ${cutInLog(because, mostText)}`),
        ...would.slice(0, mostWould).flatMap((each) => say(`  would ${cutInLog(each, mostText)}`)),
        ...(would.length > mostWould ? say(`  and ${would.length - mostWould} more`) : []),
        ...(instead === undefined ? [] : say(`  instead: ${cutInLog(instead, mostText)}`)),
      ]),
    ...(reasons.length > mostReasons ? say(`and ${reasons.length - mostReasons} more rules`) : []),
    ...(reasons.length > 0 && answeredBy === undefined ? [] : say(`why: ${cutInLog(cause, mostText)}`)),
    ...(exceptions.ok
      ? []
      : say(`cannot be allowed in the config: ${cutInLog(exceptions.reason, mostText)}`)),
  ];
}

function allowRows({ config }: Ending, shown: readonly Finding[]): readonly string[] {
  const numbered = numberedExceptions(shown);
  if (numbered.length === 0) return [];
  return [
    `  to allow exactly these, in ${cutInLog(config, mostText)} (or --config FILE):`,
    ...configLines(numbered).map((line) => `    ${line}`),
  ];
}

/** Each row begins with a word of ours: the text could begin with `::`. At a terminal, its continuation is indented. */
function row(
  label: string,
  text: string,
  { colour, columns }: SummaryLook,
  bold?: "bold",
): readonly string[] {
  const front = `${label.padEnd(5)}`;
  const look = bold ?? "plain";
  if (columns === Number.POSITIVE_INFINITY) return [`${front}${paint(text, look, colour)}`];
  return wrapPieces([{ text, look }], columns - front.length).map(
    (each, at) => `${at === 0 ? front : " ".repeat(front.length)}${paintRow(each, colour)}`,
  );
}

function sum(findings: readonly Finding[]): number {
  return findings.reduce((total, { count }) => total + count, 0);
}

const mostShown = 10;
const mostReasons = 4;
const mostWould = 3;
/** Columns. */
const mostText = 240;
