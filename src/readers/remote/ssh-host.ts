import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { lineSight } from "../sight.js";

/** `user@host`, `ssh://user@host:22`: the host, with the port that is not the usual one. */
export function hostOf(word: Arg, port: Arg | undefined): string {
  const [, name = showArg(word)] = /^(?:ssh:\/\/)?(?:[^@/]*@)?([^/]*?)\/?$/.exec(showArg(word)) ?? [];
  return port === undefined || port === "22" ? name : `${name}:${showArg(port)}`;
}

/** `-o ProxyCommand=…` and `-o LocalCommand=…` run here. */
export function programOf(word: Arg, call: Call, world: World): readonly Inner[] {
  const [, text = ""] =
    (isKnown(word) && /^\s*(?:ProxyCommand|LocalCommand|KnownHostsCommand)\s*[= ]\s*(.*)$/is.exec(word)) ||
    [];
  if (text === "" || /^none$/i.test(text)) return [];
  return [{ kind: "line", text, shell: "sh", via: "ssh", ...lineSight(call, world) }];
}
