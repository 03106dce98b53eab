import type { Sending } from "../credentials/services.js";
import { showUntrusted } from "../prompt/visible.js";
import { agrees } from "./agreement.js";

/** Whether somebody is here to be asked where credentials may go. */
export function isSomebodyHere(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/**
 * Shows where credentials would go, and asks. An agent that writes files can name a host of its own in a database's URL: the person is to
 * see the names before anything is sent.
 */
export async function agreesToSend(sendings: readonly Sending[]): Promise<boolean> {
  for (const line of sendingLines(sendings)) process.stderr.write(`${line}\n`);
  return agrees("Ask them? [y/N] ", process.stderr);
}

export function sendingLines(sendings: readonly Sending[]): readonly string[] {
  return [
    "These would be asked, each with its own credential alone:",
    ...sendings.map(({ host, by, count }) => {
      const what = `${count} ${count === 1 ? "credential" : "credentials"}`;
      return `  ${showUntrusted(host)}: ${what}${origins[by]}`;
    }),
  ];
}

const origins: Readonly<Record<Sending["by"], string>> = {
  service: "",
  variable: ", an address that a variable of this environment names",
  file: ", an address that only the file with the credential names",
};
