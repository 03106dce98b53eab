import { jsonText } from "../model/json-text.js";
import { configLines } from "./config-text.js";
import { type Ending, numberedExceptions } from "./findings.js";

/** One document for scripts; docs/contract.md has its keys. */
export function jsonReport(ending: Ending): string {
  const { session, mode, log, command, status, started, ended, denied, observed, unlisted, findings } =
    ending;
  const document = {
    ...{ session, mode, log, command },
    status: status ?? null,
    started: started.toISOString(),
    ended: ended.toISOString(),
    ...{ denied, observed, unlisted },
    denials: findings.map(({ number, exceptions, ...finding }) => ({
      ...finding,
      allow: exceptions.ok
        ? `${configLines(numberedExceptions([{ number, exceptions }])).join("\n")}\n`
        : null,
    })),
  };
  return `${jsonText(document, 2)}\n`;
}
