import type { Command } from "commander";

type Shell = "bash" | "zsh" | "fish";

/** A completion script made from the commands and options as declared, so that it cannot fall behind them. */
export function completionScript(shell: Shell, program: Command): string {
  const words = program.commands.map((command) => ({
    name: command.name(),
    description: command.description().split("\n")[0] ?? "",
    options: command.options.map((option) => option.long ?? option.short ?? ""),
    words: [
      ...command.commands.map((each) => each.name()),
      ...command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
    ],
  }));
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
}

function bashScript(words: readonly Words[]): string {
  const cases = words.map(
    (each) =>
      `    ${each.name}) COMPREPLY=($(compgen -W '${[...each.words, ...each.options].join(" ")}' -- "$word")) ;;`,
  );
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
    .flatMap(({ name, description, options }) => [
      `complete -c holdpoint -n __fish_use_subcommand -f -a ${name} -d ${quote(description)}`,
      ...options
        .filter((option) => option.startsWith("--"))
        .map(
          (option) => `complete -c holdpoint -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`,
        ),
    ])
    .join("\n");
}
