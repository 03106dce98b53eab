import type { SessionLink } from "./session-link.js";
import { type Asked, countCallers, findAsked, fullId, type Sessions } from "./sessions.js";
import type { Terminal } from "./terminal.js";
import { commandText, visible } from "./waiting-list.js";

/** Without a card: those that are named, or all. */
export async function denyNamed(
  sessions: Sessions,
  { deny: ids = [], allDeny }: { readonly deny?: readonly string[]; readonly allDeny?: true },
  terminal: Terminal,
): Promise<number> {
  const chosen = allDeny === true ? sessions.waiting : ids.map((id) => findAsked(sessions, id));
  if (chosen.length === 0) terminal.print("nothing waits");
  let status = 0;
  for (const each of chosen) {
    const reply =
      typeof each === "string" ? undefined : await each.link.ask({ do: "deny", question: each.question.id });
    if (typeof each !== "string" && reply?.is === "answered") {
      terminal.print(`denied ${fullId(each)}: ${commandText(each)}`);
      continue;
    }
    terminal.error(
      typeof each === "string"
        ? each
        : reply?.is === "refused"
          ? refusal(each.link, reply.reason)
          : `${fullId(each)} is over: answered by somebody else, or its caller went away`,
    );
    status = 1;
  }
  return status;
}

/** From a card, with all that waits behind it: one word to each session, for thousands may wait. Says how many of which. */
export async function denyAll(asked: readonly Asked[]): Promise<string> {
  const links = new Map<SessionLink, Asked[]>();
  for (const each of asked) links.set(each.link, [...(links.get(each.link) ?? []), each]);
  const said: string[] = [];
  for (const [link, waiting] of links) {
    const question = waiting[0]?.question.id ?? "";
    const reply = await link.ask({ do: "deny", question, all: true });
    const count = countCallers(waiting);
    const what = `${count} ${count === 1 ? "command" : "commands"} of ${link.session.id}`;
    if (reply?.is === "answered") said.push(what);
    else said.push(reply?.is === "refused" ? refusal(link, reply.reason) : `not ${what}, it is over`);
  }
  return said.join(", ");
}

export function refusal({ session }: SessionLink, reason: string): string {
  return `session ${session.id} (${visible(session.label)}) takes no answers from here: ${visible(reason)}`;
}
