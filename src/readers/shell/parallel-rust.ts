import { type Arg, isKnown, unknown } from "../../model/arg.js";
import { declareOptions, hasOption, type Options, readOptions } from "../options.js";
import { inner, nothing, type Reader } from "../reader.js";
import { lineSight, wrap } from "../sight.js";
import { type Job, readJobs } from "./parallel-items.js";

const options = declareOptions("first", [
  "-d --discard-output:",
  "-i --input-file --arg-file:",
  "-j --jobs:",
  "-0 --null-separator --null",
  "-p --progress-bar",
  "-r --regex:",
  "-s --shell",
  "-t --timeout-seconds:",
  "--channel-capacity:",
  "--disable-path-cache",
  "--dry-run",
  "--exit-on-error",
  "--no-run-if-empty",
  "--shell-argument:",
  "--shell-path:",
  "-h --help",
  "-V --version",
]);

/** rust-parallel: words and no shell, unless it is told so; a pattern takes the items apart. */
export const rustParallel: Reader = {
  names: ["rust-parallel"],
  read(call, world) {
    const given = readOptions(call.argv.slice(1), options);
    if (hasOption(given, "help", "version", "dry-run")) return nothing;
    const { template, jobs } = readJobs(call, world, given);
    const commands = jobs.map((job) => wordsOf(template, job, given));
    if (!hasOption(given, "shell"))
      return inner(...commands.flatMap((words) => wrap(call, world, words, "rust-parallel")));
    return inner(
      ...commands
        .filter((words) => words.every(isKnown))
        .map((words) => ({
          kind: "line" as const,
          text: words.join(" "),
          shell: "bash" as const,
          via: "rust-parallel",
          ...lineSight(call, world),
        })),
    );
  },
};

function wordsOf(template: readonly Arg[], { items }: Job, given: Options): readonly Arg[] {
  if (hasOption(given, "regex"))
    return template.map((word) =>
      isKnown(word) && /\{\w+\}/.test(word)
        ? unknown(word, "a pattern takes it from an item", word.slice(0, word.indexOf("{")))
        : word,
    );
  return [
    ...template,
    ...items.flatMap((item): readonly Arg[] => (isKnown(item) ? splitWords(item) : [item])),
  ];
}

function splitWords(item: string): readonly string[] {
  return item.trim().split(/\s+/);
}
