import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call, Host, Inner } from "../../model/call.js";
import { opaqueEffect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { sentSecrets } from "../http/sent-files.js";
import { openInputs } from "../inputs.js";
import { declareOptions, hasOption, optionValues, readOptions, switches } from "../options.js";
import { effects, inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { lineSight } from "../sight.js";
import { farStdin, placeOfHost } from "./far.js";
import { readOrders } from "./inside.js";
import { signedHost } from "./ssh-credentials.js";
import { hostOf, programOf } from "./ssh-host.js";
import { sshKeys } from "./ssh-keys.js";
import { manyMachines } from "./ssh-many.js";
import { machineOf } from "./ssh-names.js";
import { transfers } from "./ssh-transfers.js";

const sshOptions = declareOptions("first", [
  ...switches("46AaCfGgKkMNnqsTtVvXxYy"),
  ..."BbcDEeFIiJLlmOoPpQRSWw".split("").map((letter) => `-${letter}:`),
]);

/** ssh: the command that the other machine runs, as a line there; what runs here to get there. */
const ssh: Reader = {
  names: ["ssh", "autossh", "slogin", "rsh"],
  read(call, world) {
    const words = call.argv.slice(1);
    const given = readOptions(words, sshOptions);
    const [first, ...behind] = given.operands;
    // Options may stand between the host and the command.
    const more = readOptions(behind, sshOptions);
    const settings = [...optionValues(given, "o"), ...optionValues(more, "o")];
    const files = [...optionValues(given, "F"), ...optionValues(more, "F")];
    const here = settings.flatMap((word) => programOf(word, call, world));
    const read = files.map((file) => readConfig(file, call, world));
    if (first === undefined || hasOption(given, "V", "G", "Q", "O") || hasOption(more, "G"))
      return join(inner(...here), ...read);
    const host = hostOf(first, [...optionValues(given, "p"), ...optionValues(more, "p")].at(-1));
    const keys = [...optionValues(given, "i"), ...optionValues(more, "i")];
    const machine = signedHost(
      machineOf(host, call, world, { settings, files }),
      keys,
      settings,
      call,
      world,
    );
    const started = join(inner(...here), ...read, ...settings.map((word) => readRemote(word, machine)));
    const command = more.operands;
    const isDeaf = hasOption(given, "n") || hasOption(more, "n");
    const sent = { host, stdin: !isDeaf, texts: command } as const;
    const leaves = effects(...sentSecrets(call, world, "ssh", sent));
    if (command.length > 0) return join(started, leaves, onHost(machine, command, call, world, isDeaf));
    if (hasOption(given, "N", "W", "f") || hasOption(more, "N", "W")) return started;
    return join(started, readSession(machine, call, world));
  },
};

/** The words are joined with blanks, and read by the other machine's shell. */
function onHost(host: Host, words: readonly Arg[], call: Call, world: World, isDeaf = false): Reading {
  const hidden = words.find((word) => !isKnown(word));
  if (hidden !== undefined && !isKnown(hidden))
    return call.sight === "later" ? nothing : unseen(host, hidden.reason);
  const stdin = isDeaf ? ({ kind: "none" } as const) : farStdin(call, world);
  return inner({
    kind: "line",
    text: words.map(showArg).join(" "),
    shell: "sh",
    via: `ssh ${host.name}`,
    host,
    stdin,
  });
}

/** They greet whoever signs in, and run git's own commands alone: `ssh -T git@github.com`, with whatever on stdin. */
const forges: ReadonlySet<string> = new Set(
  "github.com ssh.github.com gitlab.com altssh.gitlab.com bitbucket.org altssh.bitbucket.org codeberg.org ssh.dev.azure.com".split(
    " ",
  ),
);

/** Without a command it is a shell, which takes its orders from stdin. */
function readSession(host: Host, call: Call, world: World): Reading {
  if (forges.has((host.hostName ?? host.name).replace(/:\d+$/, "").toLowerCase())) return nothing;
  const to = { via: `ssh ${host.name}`, host } as const;
  // Typed at a terminal, or by whoever holds the other end of one.
  return call.stdin.kind === "terminal" && call.sight !== "later"
    ? unseen(host, "it is typed there")
    : readOrders(call, to, world);
}

function unseen(host: Host, reason: string): Reading {
  const because = `what it would run on ${host.name} cannot be foreseen: ${reason}`;
  return effects({ ...opaqueEffect("ssh", host.name, because), ...placeOfHost(host) });
}

/** `-o RemoteCommand=…` */
function readRemote(word: Arg, host: Host): Reading {
  const [, text = ""] = (isKnown(word) && /^\s*RemoteCommand\s*[= ]\s*(.*)$/is.exec(word)) || [];
  if (text === "" || /^none$/i.test(text)) return nothing;
  return inner({
    kind: "line",
    text,
    shell: "sh",
    via: `ssh ${host.name}`,
    host,
  });
}

/** `-F FILE`: whoever wrote it says what runs here. The user's own configuration is left to the user. */
function readConfig(file: Arg, call: Call, world: World): Reading {
  if (file === "none" || file === "/dev/null") return nothing;
  const text = openInputs(call, world).readText(file);
  if (!isKnown(text))
    return call.sight === "later"
      ? nothing
      : effects(
          opaqueEffect("ssh", showArg(file), `what its settings start cannot be foreseen: ${text.reason}`),
        );
  const lines = text.split("\n").slice(0, 2000);
  const matched = lines.flatMap(
    (line) => /^\s*Match\b.*\bexec\s+(?:"([^"]+)"|(\S+))/i.exec(line)?.slice(1) ?? [],
  );
  return join(
    inner(
      ...lines.flatMap((line) => programOf(line, call, world)),
      ...matched.flatMap((one) => (one === undefined ? [] : programOf(`ProxyCommand ${one}`, call, world))),
    ),
  );
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
    const host = machineOf(hostOf(first, undefined), call, world);
    const command = behind[0] === "--" ? behind.slice(1) : behind;
    return join(
      inner(...here),
      command.length > 0 ? onHost(host, command, call, world) : readSession(host, call, world),
    );
  },
};

export const remotes: readonly Reader[] = [ssh, mosh, manyMachines, ...transfers, ...sshKeys];
