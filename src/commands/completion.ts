import type { Command, Option } from "commander";

type Shell = "bash" | "zsh" | "fish";

/** What an option may be followed by, by its long name, where only we know: names of rules. */
export type OptionValues = ReadonlyMap<string, readonly string[]>;

/** A completion script made from the commands and options as declared, so that it cannot fall behind them. */
export function completionScript(shell: Shell, program: Command, values: OptionValues): string {
  const shown = program.createHelp().visibleCommands(program);
  const words = program.commands
    .filter((command) => shown.includes(command))
    .map((command) => wordsOf(command, values));
  switch (shell) {
    case "bash":
      return bashScript(words);
    case "zsh":
      return `autoload -U +X bashcompinit && bashcompinit\n${bashScript(words)}`;
    case "fish":
      return fishScript(words);
  }
}

interface Words {
  readonly name: string;
  readonly description: string;
  readonly options: readonly string[];
  /** Its own commands, and what its arguments may be. */
  readonly words: readonly string[];
  /** Options that are followed by one of a few words. */
  readonly values: readonly (readonly [option: string, words: readonly string[]])[];
  /** Options that are followed by a file or a folder. */
  readonly paths: readonly string[];
  /** Its arguments, or those of a command below it, are files. */
  readonly takesFiles: boolean;
}

function wordsOf(command: Command, values: OptionValues): Words {
  const below = command.commands;
  return {
    name: command.name(),
    description: command.description().split("\n")[0] ?? "",
    options: command.options.map((option) => option.long ?? option.short ?? ""),
    words: [
      ...below.map((each) => each.name()),
      ...command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
    ],
    values: command.options.flatMap((option) => valuesOf(option, values)),
    paths: command.options
      .filter(({ flags }) => /<(?:file|dir)\b/.test(flags))
      .flatMap(({ long }) => (long === undefined ? [] : [long])),
    takesFiles: below.some((each) =>
      each.registeredArguments.some((argument) => /^file/.test(argument.name())),
    ),
  };
}

function valuesOf({ long = "", argChoices }: Option, values: OptionValues): Words["values"] {
  const known = argChoices ?? values.get(long);
  return known === undefined ? [] : [[long, known]];
}

function bashScript(words: readonly Words[]): string {
  const cases = words.map((each) => {
    const choices = `compgen -W '${[...each.words, ...each.options].join(" ")}' -- "$word"`;
    const files = each.takesFiles ? `; ((COMP_CWORD > 2)) && compgen -f -- "$word"` : "";
    return `    ${each.name}) COMPREPLY=($(${choices}${files})) ;;`;
  });
  const after = words.flatMap(({ name, values, paths }) => [
    ...values.map(
      ([option, known]) =>
        `    ${name}\\ ${option}) COMPREPLY=($(compgen -W '${known.join(" ")}' -- "$word")); return ;;`,
    ),
    ...paths.map(
      (option) =>
        `    ${name}\\ ${option}) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$word")); return ;;`,
    ),
  ]);
  const names = words.map((each) => each.name).join(" ");
  const own = words.find((each) => each.name === "run")?.options.join(" ") ?? "";
  return `_holdpoint() {
  local word=\${COMP_WORDS[COMP_CWORD]} i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    # After -- comes a command of the user's own.
    [[ \${COMP_WORDS[i]} == -- ]] && { COMPREPLY=($(compgen -c -f -- "$word")); return; }
  done
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${names} -- ${own} --help --version' -- "$word"))
    return
  fi
  # Options of \`run\` stand without its name, too.
  local command=\${COMP_WORDS[1]}
  [[ $command == -* ]] && command=run
  case "$command \${COMP_WORDS[COMP_CWORD - 1]}" in
${after.join("\n")}
  esac
  case \${COMP_WORDS[1]} in
    -*) COMPREPLY=($(compgen -W '-- ${own}' -- "$word")) ;;
${cases.join("\n")}
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o default -F _holdpoint holdpoint`;
}

function fishScript(words: readonly Words[]): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
  return words
    .flatMap(({ name, description, options, words: own, values, paths }) => [
      `complete -c holdpoint -n __fish_use_subcommand -f -a ${name} -d ${quote(description)}`,
      ...(own.length === 0
        ? []
        : [`complete -c holdpoint -n '__fish_seen_subcommand_from ${name}' -a ${quote(own.join(" "))}`]),
      ...options
        .filter((option) => option.startsWith("--"))
        .map((option) => {
          const known = values.find(([one]) => one === option)?.[1];
          const choices = paths.includes(option)
            ? " -r -F"
            : known === undefined
              ? ""
              : ` -x -a ${quote(known.join(" "))}`;
          return `complete -c holdpoint -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}${choices}`;
        }),
    ])
    .join("\n");
}
