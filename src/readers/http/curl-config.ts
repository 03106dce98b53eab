/** One line of a curl config file. `option` has its dashes. */
export interface ConfigLine {
  readonly option: string;
  readonly value: string | undefined;
}

/** The format of `-K FILE` and ~/.curlrc: https://curl.se/docs/manpage.html#-K */
export function parseConfig(text: string): readonly ConfigLine[] {
  return text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .flatMap((line) => {
      const trimmed = line.trim();
      if (trimmed === "" || trimmed.startsWith("#")) return [];
      // Behind dashes, `=` and `:` belong to the option; without, they part it from its value.
      const [, name = "", rest = ""] =
        (trimmed.startsWith("-") ? /^(\S+)\s*(.*)$/s : /^([^\s=:]+)[\s=:]*(.*)$/s).exec(trimmed) ?? [];
      if (name === "") return [];
      const value = rest.replace(/^[\s=:]+/, "");
      return [
        {
          option: name.startsWith("-") ? name : `--${name}`,
          value: value === "" ? undefined : readValue(value),
        },
      ];
    });
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["t", "\t"],
  ["n", "\n"],
  ["r", "\r"],
  ["v", "\v"],
]);

function readValue(text: string): string {
  if (!text.startsWith('"')) return text.replace(/\s.*$/s, "");
  const [, quoted = ""] = /^"((?:[^"\\]|\\.)*)/s.exec(text) ?? [];
  return quoted.replace(/\\(.)/gs, (_, letter: string) => escapes.get(letter) ?? letter);
}
