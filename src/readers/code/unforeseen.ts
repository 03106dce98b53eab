import { isKnown, type Unknown, unknown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { type Effect, opaqueEffect } from "../../model/effect.js";
import { toolName } from "../file-effects.js";
import type { CodeDeed } from "./deeds.js";
import { type CodeCall, type CodeValue, madeReason, showValue, textsOf } from "./values.js";

/**
 * A text for a shell that comes from outside the program: decoded, from the network, read from its input, or an argument
 * that is not known. `os.system(input())` reaches a shell that no hook is in, with builtins and redirections of its own. A
 * text whose program is plain (`f"ls {x}"`), and one that the program puts together itself, stay what they are: most of
 * them are harmless, and what they start meets the shims.
 */
export function readUnforeseen(call: Call, deed: CodeDeed, one: CodeCall): readonly Effect[] {
  const value = shellTextOf(deed, one);
  const said = value === undefined ? undefined : reasonOf(value);
  return said === undefined
    ? []
    : [opaqueEffect(toolName(call), one.source, `cannot tell what its shell would run: ${said}`)];
}

function shellTextOf(
  deed: CodeDeed,
  { values, named, receiver, name, source }: CodeCall,
): CodeValue | undefined {
  const [first, ...rest] = values;
  switch (deed) {
    case "line":
      return name === "$" && !source.includes("`") ? undefined : first;
    case "own-line":
      return receiver?.kind === "list" ? undefined : receiver;
    case "either": {
      const isOn = named.has("shell") && !/^(False|false|None)$/.test(showOf(named.get("shell")));
      if (first?.kind === "list") return isOn ? first.items[0] : undefined;
      // Python takes a text for a program's name, unless it is told that there is a shell.
      if (!isOn && /^(subprocess|sp)\.|^(Popen|check_call|check_output)$/.test(name)) return undefined;
      return rest.some(({ kind }) => kind === "text" || kind === "list") ? undefined : first;
    }
    case "spawn": {
      const options = rest.find(({ kind }) => kind === "fields");
      return options?.kind === "fields" && options.fields.has("shell") ? first : undefined;
    }
    default:
      return undefined;
  }
}

function showOf(value: CodeValue | undefined): string {
  return value === undefined ? "" : showValue(value);
}

/** Why a text comes from outside the program, if it does. */
export function reasonOf(value: CodeValue, depth = 0): string | undefined {
  if (value.kind === "list" || value.kind === "fields" || depth > 5) return undefined;
  const said = textsOf(value).flatMap((text) => (isKnown(text) ? [] : (reasonOfText(text) ?? [])))[0];
  if (said !== undefined || value.kind !== "made") return said;
  // `blob = b64decode(x); os.system(blob.decode())`: what it was called on, and what it was given.
  const { receiver, values, name } = value.call;
  const parts = receiver === undefined ? values.slice(0, 1) : [receiver, ...values.slice(0, 1)];
  return (
    reasonOfText(unknown(`${name}(`, madeReason)) ??
    parts.flatMap((part) => reasonOf(part, depth + 1) ?? [])[0]
  );
}

function reasonOfText({ prefix, source, reason, shape }: Unknown): string | undefined {
  // Behind a plain program only its arguments are open.
  if (/\S\s/.test(prefix) || shape !== undefined) return undefined;
  if (reason !== madeReason) return reason;
  if (disguised.test(source)) return "it is decoded or fetched at run time";
  return fromInput.test(source) ? "it is read from the program's input" : undefined;
}

/** What hides a text, or brings it from elsewhere. */
export const disguised =
  /b64|base64|decompress|inflate|marshal|fromCharCode|unhex|fromhex|rot_?13|atob|urlopen|requests\.|httpx\.|\bfetch\(|axios|http\.get|decode64|gunzip|unpack|Net::HTTP|URI\.open|LWP|curl_exec/i;

const fromInput =
  /\binput\(|raw_input|\bstdin\b|STDIN|\bARGF\b|\bgets\b|readline\(|readlines\(|php:\/\/|readFileSync\(\s*(0|["']\/dev\/stdin)|open\(\s*0|io\.read|io\.lines|^<>?$|<\w*>|^\$_$|^\$F\b|^\$_(GET|POST|REQUEST)\b/;
