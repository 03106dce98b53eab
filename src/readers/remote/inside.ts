import { type Arg, isForeign, isKnown, showArg } from "../../model/arg.js";
import type { Call, Host, Inner, Stdin } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { readForeign } from "../http/fetched.js";
import { openInputs } from "../inputs.js";
import { effects, inner, nothing, type Reading } from "../reader.js";
import { isShellName } from "../shell/hand-over.js";
import { farStdin, placeOfHost } from "./far.js";

/** Another machine, a container or a pod, and how it is reached. */
export interface Elsewhere {
  readonly via: string;
  readonly host: Host;
}

/** A command that runs elsewhere, word by word: `docker exec db psql -c …`, `kubectl exec web -- rm -rf /data`. */
export function readInside(
  call: Call,
  words: readonly Arg[],
  where: Elsewhere,
  world: World,
  hasStdin = true,
): Reading {
  if (words.length === 0) return nothing;
  const hidden = words.find((word) => !isKnown(word));
  if (hidden !== undefined && call.sight === "later") return nothing;
  if (hasStdin && isBareShell(words)) return readOrders(call, where, world);
  const stdin = hasStdin ? farStdin(call, world) : ({ kind: "none" } as const);
  return inner({ ...lineOf('"$@"', where, stdin), args: ["sh", ...words] });
}

/** A text for a shell over there; a bare `heroku run "rm -rf tmp"` is one too. */
export function readText(text: string, where: Elsewhere): Reading {
  return inner(lineOf(text, where, { kind: "none" }));
}

/** A shell over there without a script of its own takes its orders from stdin; at a terminal a person types them. */
export function readOrders(call: Call, where: Elsewhere, world: World): Reading {
  if (call.stdin.kind === "terminal" || call.stdin.kind === "none") return nothing;
  const inputs = openInputs(call, world);
  const text = inputs.readText("-");
  if (isKnown(text)) return readText(text, where);
  if (isForeign(text.reason)) return readForeign(call, where.host.name, text.reason);
  const because = `what it would run on ${where.host.name} cannot be foreseen: ${text.reason}`;
  const reading =
    call.sight === "later"
      ? nothing
      : effects({
          ...opaqueEffect(showArg(call.tool), where.host.name, because),
          ...placeOfHost(where.host),
        });
  return { ...reading, wantsStdin: inputs.wantsStdin() };
}

function lineOf(text: string, { via, host }: Elsewhere, stdin: Stdin): Inner & { readonly kind: "line" } {
  return { kind: "line", text, shell: "sh", via, host, stdin };
}

/** `bash`, `sh -l`, `env A=b bash -s`. */
function isBareShell(words: readonly Arg[]): boolean {
  const at = words.findIndex((word) => !isKnown(word) || !/^(\w+=.*|env|exec|sudo|nohup)$/s.test(word));
  const [program, ...rest] = words.slice(at);
  if (program === undefined || !isKnown(program)) return false;
  const name = program.slice(program.lastIndexOf("/") + 1);
  return /sh$/.test(name) && isShellName(name) && rest.every((word) => /^[-+](?!.*c)/.test(showArg(word)));
}
