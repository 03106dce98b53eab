import { type Arg, isKnown, showArg } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { appending, overwriting, readPaths, toolName } from "../file-effects.js";
import { declareOptions, hasOption, type Options, optionValue, readOptions, switches } from "../options.js";
import { effects, join, nothing, type Reader, type Reading } from "../reader.js";
import { handOver } from "../shell/hand-over.js";
import type { ApiTable } from "./api-table.js";
import { riddle } from "./http-request.js";
import { readRawStdin } from "./raw-text.js";
import { sentSecrets } from "./sent-files.js";

/** nc in all its lines, and telnet: what they send, and the shells that they give away. */
export function netcatReaders(apis: ApiTable): readonly Reader[] {
  return [
    {
      names: ["nc", "ncat", "netcat", "nc.openbsd", "nc.traditional"],
      read: (call, world) => readNetcat(call, world, apis),
    },
    { names: ["telnet"], read: (call, world) => readTelnet(call, world, apis) },
  ];
}

/** OpenBSD's, the traditional one, Nmap's and BusyBox's together; -d and -x mean different things to them. */
const netcatOptions = declareOptions("anywhere", [
  "-e --exec:",
  "-c --sh-exec:",
  "--lua-exec:",
  "-g:",
  "-G:",
  "-I:",
  "-i --idle-timeout:",
  "-M:",
  "-m --max-conns:",
  "-O:",
  "-o --output:",
  "-P:",
  "-p --source-port:",
  "-q:",
  "-s --source:",
  "-T:",
  "-V:",
  "-W:",
  "-w --wait:",
  "-X:",
  "-x --hex-dump:",
  "--append-output",
  "--delay:",
  "--ssl-cert:",
  "--ssl-key:",
  "--ssl-trustfile:",
  "--ssl-ciphers:",
  "--ssl-servername:",
  "--ssl-alpn:",
  "--proxy:",
  "--proxy-type:",
  "--proxy-auth:",
  "--proxy-dns:",
  "--allow:",
  "--allowfile:",
  "--deny:",
  "--denyfile:",
  "-4",
  "-6",
  "-b",
  "-C --crlf",
  "-D",
  "-d",
  "-F",
  "-h --help",
  "-k --keep-open",
  "-l --listen",
  "-N",
  "-n --nodns",
  "-r",
  "-S",
  "-t --telnet",
  "-U --unixsock",
  "-u --udp",
  "-v --verbose",
  "-Z",
  "-z",
  "--ssl",
  "--ssl-verify",
  "--send-only",
  "--recv-only",
  "--no-shutdown",
  "--broker",
  "--chat",
  "--sctp",
  "--vsock",
  "--version",
]);

function readNetcat(call: Call, world: World, apis: ApiTable): Reading {
  const given = readOptions(call.argv.slice(1), netcatOptions);
  if (hasOption(given, "help", "version")) return nothing;
  const { command, operands } = commandOf(given);
  const script = optionValue(given, "lua-exec");
  const files = join(
    command === undefined ? nothing : handOver(call, world, command),
    script === undefined
      ? nothing
      : effects(riddle(toolName(call), showArg(script), "it ties a Lua script to a connection")),
    readFiles(given, call, world),
  );
  // `tar c ~/.ssh | nc -l 4444` hands it to whoever comes.
  const isServed = hasOption(given, "listen") && !hasOption(given, "recv-only", "z");
  if (isServed) {
    const to = { host: "whoever connects", stdin: true };
    return join(files, effects(...sentSecrets(call, world, toolName(call), to)));
  }
  const isSilent = hasOption(given, "z", "listen", "recv-only", "broker", "chat");
  // A tunnel, as ssh's ProxyCommand: what passes through is ssh's.
  const isTunnel = hasOption(given, "X", "proxy") || operands.at(-1) === "22";
  const to = hasOption(given, "unixsock") ? unixOf(operands) : hostOf(operands, hasOption(given, "ssl"));
  if (isSilent || isTunnel || command !== undefined || to === undefined) return files;
  return join(files, readRawStdin(call, world, to, apis));
}

/** `nc -c host 443` means TLS to some and line ends to others, where the rest expect a command. */
function commandOf(given: Options): { readonly command: Arg | undefined; readonly operands: readonly Arg[] } {
  const { operands } = given;
  const program = optionValue(given, "exec");
  const text = optionValue(given, "sh-exec");
  const isHost =
    text !== undefined &&
    isKnown(text) &&
    operands.length === 1 &&
    /^\d+$/.test(showArg(operands[0] ?? "")) &&
    /^[\w-]+(\.[\w-]+)+$|^localhost$/.test(text);
  if (isHost) return { command: program, operands: [text, ...operands] };
  return { command: program ?? text, operands };
}

function readFiles(given: Options, call: Call, world: World): Reading {
  const write = hasOption(given, "append-output") ? appending : overwriting;
  const hex = optionValue(given, "hex-dump");
  // To OpenBSD's, -x is a proxy.
  const isProxy = hex !== undefined && (hasOption(given, "X") || (isKnown(hex) && /^[\w.-]+:\d+$/.test(hex)));
  const words = [optionValue(given, "output"), isProxy ? undefined : hex].flatMap((word) => word ?? []);
  return effects(...readPaths(call, world, words, "overwrite", (path) => write(toolName(call), path, world)));
}

function unixOf(operands: readonly Arg[]) {
  const path = operands.at(-1);
  if (path === undefined || !isKnown(path)) return undefined;
  return { host: `unix:${path}`, port: "", isTls: false };
}

function hostOf(operands: readonly Arg[], isTls: boolean) {
  const [host, port] = operands.length > 1 ? operands.slice(-2) : [operands[0], ""];
  if (host === undefined || port === undefined || !isKnown(host) || !isKnown(port)) return undefined;
  return { host: host.toLowerCase(), port, isTls };
}

const telnetOptions = declareOptions("first", [
  ...["-b:", "-e:", "-k:", "-l:", "-n:", "-S:", "-X:"],
  ...switches("4678acdEfFKLNrxy"),
]);

function readTelnet(call: Call, world: World, apis: ApiTable): Reading {
  const given = readOptions(call.argv.slice(1), telnetOptions);
  const trace = optionValue(given, "n");
  const files = readPaths(call, world, trace === undefined ? [] : [trace], "overwrite", (path) =>
    overwriting("telnet", path, world),
  );
  const [host, port = "23"] = given.operands;
  if (host === undefined || !isKnown(host) || !isKnown(port)) return effects(...files);
  const to = { host: host.toLowerCase(), port, isTls: false };
  return join(effects(...files), readRawStdin(call, world, to, apis));
}
