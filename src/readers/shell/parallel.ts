import { type Arg, isKnown, showArg, unforeseenName } from "../../model/arg.js";
import type { Call, Inner } from "../../model/call.js";
import { envFrom, envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { toolName } from "../file-effects.js";
import { readText } from "../files/text-file.js";
import { readForeign } from "../http/fetched.js";
import { hasOption, type Options, optionValue, optionValues, readOptions } from "../options.js";
import { resolvePath } from "../path.js";
import { inner, join, nothing, type Reader, type Reading } from "../reader.js";
import { hostOf } from "../remote/ssh-host.js";
import { lineSight } from "../sight.js";
import { type Job, type Jobs, readJobs } from "./parallel-items.js";
import { parallelOptions, sayings } from "./parallel-options.js";
import { fillTemplate } from "./parallel-words.js";

/** GNU parallel: each job's items are put into a text for a shell, here or on other machines. */
export const parallel: Reader = {
  names: ["parallel", "gparallel", "sem", "env_parallel", "parset", "env_parset"],
  read(call, world) {
    const given = readOptions([...usualWords(call), ...call.argv.slice(1)], parallelOptions);
    if (hasOption(given, ...sayings)) return nothing;
    const name = toolName(call);
    if (name === "sem" && hasOption(given, "wait")) return nothing;
    const isNamed = name.endsWith("parset");
    const own = { ...given, operands: given.operands.slice(isNamed ? 1 : 0) };
    const as =
      name === "sem" ? { ...own, given: [...own.given, { name: "semaphore", value: undefined }] } : own;
    // Behind an option that is not known may stand its value, and the command behind that.
    const other = given.doubts.length > 0 && as.operands.length > 1;
    return join(
      readAll(call, world, as),
      other ? readAll(call, world, { ...as, operands: as.operands.slice(1) }) : nothing,
    );
  },
};

/** `PARALLEL="-j 4 --bar"` stands in front of the words. */
function usualWords({ env }: Call): readonly Arg[] {
  const value = envGet(env, "PARALLEL");
  return value !== undefined && isKnown(value) ? value.split(/\s+/).filter((word) => word !== "") : [];
}

function readAll(call: Call, world: World, given: Options): Reading {
  const found = readJobs(call, world, given);
  // Without a command and without items, orders come on stdin as they are typed.
  if (found.template.length === 0 && found.isFromInput && call.stdin.kind === "terminal") return nothing;
  const jobs: readonly Job[] = found.jobs.length === 0 ? [{ items: [], named: new Map() }] : found.jobs;
  const hosts = hostsOf(call, world, given);
  // `curl … | parallel`: each line of it is a command.
  const orders = found.template.length === 0 ? jobs.flatMap(({ items }) => items) : [];
  const foreign = orders.flatMap((item) => (isKnown(item) ? [] : [readForeign(call, item, item.reason)]));
  const started = jobs.flatMap((job) => hosts.flatMap((host) => start(call, world, given, found, job, host)));
  return join(...foreign, inner(...started));
}

/** `undefined`: this machine. */
type Where = string | undefined;

const maxHosts = 5;

/** `-S 4/web1,user@web2,:`, `-S "ssh -p 22 web1"`, `-S @group/web1`; of a file, the hosts in it. */
function hostsOf(call: Call, world: World, given: Options): readonly Where[] {
  const lists = optionValues(given, "sshlogin").map((word) =>
    isKnown(word) ? word.split(",") : [showArg(word)],
  );
  const files = optionValues(given, "sshloginfile").map((file) => {
    const lines = (readText(call, world, file) ?? "").split("\n").filter((line) => /^[^#\s]/.test(line));
    return lines.length === 0 ? [`the hosts of ${showArg(file)}`] : lines;
  });
  const names = [...lists, ...files].flat().map((text) => nameOf(text.trim()));
  const distinct = [...new Set(names)].slice(0, maxHosts);
  return distinct.length === 0 ? [undefined] : distinct;
}

function nameOf(text: string): Where {
  const login = text.replace(/^@?[\w.+-]*\/(?=\S)/, "");
  if (login === ":" || login === "") return undefined;
  const words = login.startsWith("the hosts of ") ? [login] : login.split(/\s+/);
  return hostOf(words.at(-1) ?? login, undefined);
}

function start(
  call: Call,
  world: World,
  given: Options,
  { template }: Jobs,
  job: Job,
  host: Where,
): readonly Inner[] {
  const mark = optionValue(given, "replacement") ?? optionValue(given, "replace");
  const name = (at: number): string => (host === undefined ? `\${${unforeseenName}_${at}}` : `"\${${at}}"`);
  const { text, hidden } = fillTemplate(
    template,
    hasOption(given, "nonall") ? { items: [], named: new Map() } : job,
    mark !== undefined && isKnown(mark) && mark !== "" && mark !== "{}" ? mark : undefined,
    hasOption(given, "quote"),
    name,
  );
  if (text.trim() === "") return [];
  const folder = optionValue(given, "workdir");
  const stdin = hasOption(given, "spreadstdin", "pipepart", "semaphore")
    ? {}
    : ({ stdin: { kind: "none" } } as const);
  const common = { kind: "line", text, shell: "bash", via: toolName(call), ...stdin } as const;
  if (host !== undefined) {
    const cwd = folder !== undefined && isKnown(folder) && folder.startsWith("/") ? { cwd: folder } : {};
    return [{ ...common, args: ["parallel", ...hidden], host: { name: host, kind: "machine", ...cwd } }];
  }
  const cwd = folder === undefined ? undefined : resolvePath(call, world, folder);
  const env =
    hidden.length === 0
      ? {}
      : {
          env: envFrom(
            hidden.map((item, at) => [`${unforeseenName}_${at + 1}`, oneWord(item)]),
            call.env,
          ),
        };
  return [{ ...common, ...env, ...(cwd === undefined ? {} : { cwd }), ...lineSight(call, world) }];
}

/** Parallel quotes what it puts in, so that it stays one word. */
function oneWord(item: Arg): Arg {
  return isKnown(item) ? item : { ...item, splits: false };
}
