import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { toolName } from "../file-effects.js";
import { riddle } from "../http/http-request.js";
import { effects, inner, type Reading } from "../reader.js";
import { lineSight } from "../sight.js";

/** A program, or a text for a shell, that a connection is tied to: `nc -e`, `socat EXEC:`. */
export function handOver(call: Call, world: World, command: Arg): Reading {
  const tool = toolName(call);
  if (!isKnown(command)) {
    const because = `cannot tell what it would tie to a connection: ${command.reason}`;
    return effects(opaqueEffect(tool, command.source, because));
  }
  if (givesShell(command)) return effects(givenShell(tool, command));
  return inner({
    kind: "line",
    text: command,
    shell: "sh",
    via: `${tool} to a connection`,
    stdin: { kind: "unknown", reason: "it comes over a connection" },
    ...lineSight(call, world),
  });
}

export function givenShell(tool: string, command: Arg) {
  return riddle(tool, showArg(command), "whoever is at the other end of the connection gets a shell");
}

/** A shell or an interpreter without a script of its own reads its orders from the connection. */
function givesShell(command: string): boolean {
  const words = command.trim().split(/\s+/);
  const at = words.findIndex((word) => !/^(\w+=.*|exec|env|sudo|stdbuf|nohup|setsid|busybox)$/.test(word));
  const name = (words[at] ?? "").replace(/^.*[/\\]/, "").replace(/\.exe$/i, "");
  return (
    isShellName(name) &&
    words
      .slice(at + 1)
      .every(
        (word) => /^-[a-z]*$|^-{1,2}(login|norc|noprofile|posix)$/i.test(word) && !/^-[a-z]*c$/.test(word),
      )
  );
}

export function isShellName(name: string): boolean {
  return /^((ba|da|z|k|mk|a|c|tc|fi|pd)?sh|rbash|python[\d.]*|perl|ruby|node|php|lua[\d.]*|tclsh|cmd|pwsh|powershell)$/.test(
    name,
  );
}
