import { configLines } from "./config-text.js";
import { type Ending, type Finding, headline, numberedExceptions } from "./findings.js";
import { cutInLog } from "./shown.js";

/** Markdown for `$GITHUB_STEP_SUMMARY`, ended by an empty line; "" where nothing was denied. At most about 200 KiB. */
export function jobSummary(ending: Ending): string {
  const head = headline(ending);
  if (head === "") return "";
  const shown = ending.findings.slice(0, mostShown);
  const left = ending.findings.length - shown.length;
  const exceptions = numberedExceptions(shown);
  return `${[
    `## holdpoint: ${plain(head)}`,
    "",
    "| # | what | times | rule | why | instead |",
    "| - | ---- | ----- | ---- | --- | ------- |",
    ...shown.map(tableRow),
    "",
    ...(left > 0 ? [`… and ${left} more in the log.`, ""] : []),
    ...(ending.followers > 0
      ? [`And ${ending.followers} that came after one of these on its line: a refusal ends the line.`, ""]
      : []),
    ...shown.flatMap(({ number, exceptions }) =>
      exceptions.ok ? [] : [`- ${number} cannot be allowed in the config: ${plain(exceptions.reason)}`],
    ),
    "",
    ...(exceptions.length === 0
      ? []
      : [
          "<details><summary>To allow exactly these, in the config</summary>",
          "",
          "```yaml",
          ...configLines(exceptions),
          "```",
          "",
          "</details>",
          "",
        ]),
    `Session <code>${plain(ending.session)}</code>, log <code>${plain(ending.log)}</code>`,
    "",
  ].join("\n")}\n`;
}

function tableRow({ number, text, count, cause, reasons }: Finding): string {
  const would = reasons.flatMap((reason) => reason.would);
  const what = [`<code>${plain(text)}</code>`, ...would.slice(0, 3).map((each) => `would ${plain(each)}`)];
  const shown = reasons.slice(0, 4);
  const cells = [
    String(number),
    what.join("<br>"),
    String(count),
    shown.map(({ rule }) => `<code>${plain(rule)}</code>`).join("<br>"),
    reasons.length === 0 ? plain(cause) : shown.map(({ because }) => plain(because)).join("<br>"),
    shown.flatMap(({ instead }) => (instead === undefined ? [] : [plain(instead)])).join("<br>"),
  ];
  return `| ${cells.join(" | ")} |`;
}

/**
 * Any text as text: every character that is no letter, digit or space as a numeric reference, which can neither begin nor
 * end anything in Markdown or HTML, be a link, or mention somebody.
 */
function plain(text: string): string {
  return [...cutInLog(text, mostText)]
    .map((char) => (/^[A-Za-z0-9 ]$/.test(char) ? char : `&#${char.codePointAt(0) ?? 0};`))
    .join("");
}

const mostShown = 50;
const mostText = 240;
