import { type Arg, isKnown, showArg } from "../model/arg.js";
import type { Call, Inner } from "../model/call.js";
import { type Effect, opaqueEffect, plainEffect } from "../model/effect.js";
import type { World } from "../model/world.js";
import { farStdin } from "./far.js";
import { openInputs } from "./inputs.js";
import { readOrders } from "./inside.js";
import { declareOptions, hasOption, optionValue, optionValues, readOptions, switches } from "./options.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "./reader.js";
import { lineSight } from "./sight.js";

const sshOptions = declareOptions("first", [
  ...switches("46AaCfGgKkMNnqsTtVvXxYy"),
  ..."BbcDEeFIiJLlmOoPpQRSWw".split("").map((letter) => `-${letter}:`),
]);

/** ssh: the command that the other machine runs, as a line there; what runs here to get there. */
const ssh: Reader = {
  names: ["ssh", "autossh", "slogin"],
  read(call, world) {
    const words = call.argv.slice(1);
    const given = readOptions(words, sshOptions);
    const [first, ...behind] = given.operands;
    // Options may stand between the host and the command.
    const more = readOptions(behind, sshOptions);
    const here = [...optionValues(given, "o"), ...optionValues(more, "o")].flatMap((word) =>
      programOf(word, call, world),
    );
    if (first === undefined || hasOption(given, "V", "G", "Q", "O") || hasOption(more, "G"))
      return inner(...here);
    const host = hostOf(first, [...optionValues(given, "p"), ...optionValues(more, "p")].at(-1));
    const command = more.operands;
    if (command.length > 0)
      return join(inner(...here), onHost(host, command, call, world, hasOption(given, "n")));
    if (hasOption(given, "N", "W", "f") || hasOption(more, "N", "W")) return inner(...here);
    return join(inner(...here), readSession(host, call, world));
  },
};

/** `user@host`, `ssh://user@host:22`: the host, with the port that is not the usual one. */
function hostOf(word: Arg, port: Arg | undefined): string {
  const [, name = showArg(word)] = /^(?:ssh:\/\/)?(?:[^@/]*@)?([^/]*?)\/?$/.exec(showArg(word)) ?? [];
  return port === undefined || port === "22" ? name : `${name}:${showArg(port)}`;
}

/** The words are joined with blanks, and read by the other machine's shell. */
function onHost(host: string, words: readonly Arg[], call: Call, world: World, isDeaf = false): Reading {
  const hidden = words.find((word) => !isKnown(word));
  if (hidden !== undefined && !isKnown(hidden))
    return call.sight === "later" ? nothing : unseen(host, hidden.reason);
  const stdin = isDeaf ? ({ kind: "none" } as const) : farStdin(call, world);
  return inner({
    kind: "line",
    text: words.map(showArg).join(" "),
    shell: "sh",
    via: `ssh ${host}`,
    host: { name: host, kind: "machine" },
    stdin,
  });
}

/** Without a command it is a shell, which takes its orders from stdin. */
function readSession(host: string, call: Call, world: World): Reading {
  const to = { via: `ssh ${host}`, host: { name: host, kind: "machine" } } as const;
  // Typed at a terminal, or by whoever holds the other end of one.
  return call.stdin.kind === "terminal" && call.sight !== "later"
    ? unseen(host, "it is typed there")
    : readOrders(call, to, world);
}

function unseen(host: string, reason: string): Reading {
  return effects(opaqueEffect("ssh", host, `what it would run on ${host} cannot be foreseen: ${reason}`));
}

/** `-o ProxyCommand=…` and `-o LocalCommand=…` run here. */
function programOf(word: Arg, call: Call, world: World): readonly Inner[] {
  const [, text = ""] =
    (isKnown(word) && /^\s*(?:ProxyCommand|LocalCommand|KnownHostsCommand)\s*[= ]\s*(.*)$/is.exec(word)) ||
    [];
  if (text === "" || /^none$/i.test(text)) return [];
  return [{ kind: "line", text, shell: "sh", via: "ssh", ...lineSight(call, world) }];
}

const moshOptions = declareOptions("first", [
  ...switches("46ano"),
  "-p --port:",
  "--ssh:",
  "--client:",
  "--server:",
  "--predict:",
  "--family:",
  "--bind-server:",
  "--experimental-remote-ip:",
  "--no-init",
  "--local",
  "--no-ssh-pty",
]);

/** mosh: the same by another way, its connection opened by a program that `--ssh` names. */
const mosh: Reader = {
  names: ["mosh"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), moshOptions);
    const [first, ...behind] = given.operands;
    const here = optionValues(given, "ssh")
      .filter(isKnown)
      .map((text): Inner => ({ kind: "line", text, shell: "sh", via: "mosh", ...lineSight(call, world) }));
    if (first === undefined) return inner(...here);
    const host = hostOf(first, undefined);
    const command = behind[0] === "--" ? behind.slice(1) : behind;
    return join(
      inner(...here),
      command.length > 0 ? onHost(host, command, call, world) : readSession(host, call, world),
    );
  },
};

const scpOptions = declareOptions("anywhere", [
  ...switches("346ABCOpqRrsTv"),
  ..."cDFiJloPSX".split("").map((letter) => `-${letter}:`),
]);

/** Folders of a system, where a file that is put there takes another's place. */
const systemFolder =
  /^\/(etc|usr|bin|sbin|boot|lib|lib64|root\/\.ssh|var\/lib|var\/spool)?(\/|$)(?!(usr\/local\/share|var\/www)\b)/;

/** scp and sftp: what they put where a system keeps its own; the orders of a batch. */
const scp: Reader = {
  names: ["scp"],
  read(call) {
    const given = readOptions(call.argv.slice(1), scpOptions);
    const target = given.operands.at(-1);
    const [, host = "", path = ""] =
      (target !== undefined && isKnown(target) && /^(?:scp:\/\/)?(?:[^@/:]*@)?([^/:]+):(.*)$/.exec(target)) ||
      [];
    return host !== "" && systemFolder.test(path) ? effects(placed("scp", host, path)) : nothing;
  },
};

function placed(tool: string, host: string, path: string): Effect {
  return {
    ...plainEffect(tool, "modify", `${host}:${path}`),
    resource: "file",
    place: "remote",
    host,
    recursive: false,
    aspect: "content",
    because: `what stands there on ${host} is replaced`,
  };
}

const sftpOptions = declareOptions("anywhere", [
  ...switches("46AaCfNpqrv"),
  ..."BbcDFiJloPRSsX".split("").map((letter) => `-${letter}:`),
]);

const sftp: Reader = {
  names: ["sftp"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), sftpOptions);
    const [target] = given.operands;
    if (target === undefined) return nothing;
    const host = hostOf(
      isKnown(target) ? target.replace(/(?<!^s?ftp|^ssh):(?!\/\/).*$/, "") : target,
      undefined,
    );
    const inputs = openInputs(call, world);
    const text = inputs.readText(optionValue(given, "b") ?? "-");
    if (!isKnown(text)) return { ...nothing, wantsStdin: inputs.wantsStdin() };
    return effects(...text.split("\n").flatMap((order) => readOrder(order.trim().replace(/^-/, ""), host)));
  },
};

/** `rm`, `rmdir`, `rename` and the like of sftp(1). */
function readOrder(order: string, host: string): readonly Effect[] {
  const [verb = "", ...words] = order.split(/\s+/);
  if (!/^(rm|rmdir|rename)$/i.test(verb)) return [];
  const path = words.find((word) => !word.startsWith("-")) ?? "";
  return [{ ...placed("sftp", host, path), action: verb === "rename" ? "modify" : "delete" }];
}

export const remotes: readonly Reader[] = [ssh, mosh, scp, sftp];
