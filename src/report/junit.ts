import { type Ending, type Finding, outcomeWords, reasonWords, timesWords } from "./findings.js";
import { showLine } from "./shown.js";

/**
 * JUnit's XML, as GitLab and Jenkins read it: a failed test for each distinct denial, a skipped one for what an observing
 * session would have held, and one that passed where there was nothing.
 */
export function junitReport(ending: Ending): string {
  const { findings, session, started, ended } = ending;
  const failures = findings.filter(({ outcome }) => outcome === "denied").length;
  const seconds = ((ended.getTime() - started.getTime()) / 1000).toFixed(3);
  const counts = `tests="${Math.max(1, findings.length)}" failures="${failures}" errors="0" skipped="${findings.length - failures}" time="${seconds}"`;
  const cases =
    findings.length === 0
      ? ['    <testcase classname="holdpoint" name="nothing was denied" time="0"/>']
      : findings.map(testcase);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="holdpoint" ${counts}>
  <testsuite name="holdpoint" id="${attribute(session)}" timestamp="${started.toISOString()}" ${counts}>
${cases.join("\n")}
  </testsuite>
</testsuites>
`;
}

function testcase(finding: Finding): string {
  const { outcome, text, reasons, cwd, cause, count } = finding;
  const rule = reasons[0]?.rule ?? "holdpoint";
  const name = attribute(`${shorten(text)}${timesWords(count)}`);
  const message = attribute(`${outcomeWords(finding)}: ${reasonWords(finding)}`);
  const body = [
    ...reasons.flatMap(({ rule, because, instead, would }) => [
      `${rule}: ${because}`,
      ...would.map((each) => `would ${each}`),
      ...(instead === undefined ? [] : [`instead: ${instead}`]),
    ]),
    `in ${cwd}`,
    `why: ${cause}`,
    `the whole: ${text}`,
  ]
    .map((line) => escapeXml(showLine(line)))
    .join("\n");
  const inner =
    outcome === "denied"
      ? `<failure type="${attribute(rule)}" message="${message}">${body}</failure>`
      : `<skipped message="${message}"/>`;
  return `    <testcase classname="${attribute(rule)}" name="${name}" time="0">${inner}</testcase>`;
}

function shorten(text: string): string {
  const chars = [...text];
  return chars.length <= 200 ? text : `${chars.slice(0, 200).join("")}…`;
}

function attribute(text: string): string {
  return escapeXml(showLine(text));
}

/** XML 1.0 has no way to write most control characters: the text is one where they were made visible. */
function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
