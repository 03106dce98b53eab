import { type Ending, type Finding, outcomeWords, timesWords } from "./findings.js";
import { cutInLog } from "./shown.js";

/**
 * Workflow commands of GitHub Actions: a row each, to be written to a step's stderr (the runner reads both streams). What a
 * row says cannot end the command, nor begin another one.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function annotationRows(ending: Ending, willFail: boolean): readonly string[] {
  const { findings } = ending;
  // The runner keeps ten of a kind for a step, and drops the rest without a word.
  const shown = findings.length > most ? findings.slice(0, most - 1) : findings;
  const rows = shown.map((finding) => annotation(finding, willFail));
  const left = findings.length - shown.length;
  if (left > 0)
    rows.push(
      command("notice", "holdpoint", `${left} more: holdpoint log --session ${ending.session} --only denied`),
    );
  return rows;
}

function annotation(finding: Finding, willFail: boolean): string {
  const kind = finding.outcome === "observed" ? "notice" : willFail ? "error" : "warning";
  const lines = [
    `${cutInLog(finding.text, 400)}${timesWords(finding.count)}`,
    ...(finding.reasons.length === 0 ? [cutInLog(finding.cause, 400)] : []),
    ...finding.reasons
      .slice(0, 3)
      .flatMap(({ because, instead, would }) => [
        cutInLog(because, 400),
        ...would.slice(0, 3).map((each) => `Would ${cutInLog(each, 400)}`),
        ...(instead === undefined ? [] : [`Instead: ${cutInLog(instead, 400)}`]),
      ]),
  ];
  return command(kind, `holdpoint: ${outcomeWords(finding)}`, lines.join("\n"));
}

function command(kind: "error" | "warning" | "notice", title: string, text: string): string {
  return `::${kind} title=${escapeProperty(title)}::${escapeData(text)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

const most = 10;
