import { existsSync } from "node:fs";
import { join } from "node:path";
import type { InitTarget, Setup } from "./init-target.js";
import { shellPath, shellsFolder } from "./shells.js";

export const tmux: InitTarget = {
  name: "tmux",
  about: "every new window and pane of tmux",
  file: configFile,
  add(text, setup) {
    if (text.includes(block(setup))) return { ok: true, text };
    const rest = text.replace(blockShape, "");
    return { ok: true, text: `${rest}${rest === "" || rest.endsWith("\n") ? "" : "\n"}${block(setup)}` };
  },
  takeBack: (text) => ({ ok: true, text: text.replace(blockShape, "") }),
  print: block,
  next: () => [
    "for the tmux that runs already: tmux source-file FILE; new windows are guarded, those that are open are not",
  ],
};

/** The shells alone: for `$SHELL`, a terminal's own setting, or the password file, which only the user may change. */
export const shell: InitTarget = {
  name: "shell",
  about: "nothing by itself: installs the shells that terminals, $SHELL or chsh can name",
  file: () => undefined,
  add: (text) => ({ ok: true, text }),
  takeBack: (text) => ({ ok: true, text }),
  print: (setup) => `${shellPath(setup.places, setup.shell)}\n`,
  next: ({ places, shell: name }) => [
    `in a terminal's settings, as its command: ${shellPath(places, name)}`,
    `for what goes by $SHELL, an editor say: SHELL=${shellPath(places, name)} cursor`,
    `as login shell: see docs/terminals.md first; shells in ${shellsFolder(places)}`,
  ],
};

/** tmux(1), FILES: it reads both; a new one goes where people look for it. */
function configFile({ folder, places, env }: Setup): string {
  const own = join(folder ?? places.home, ".tmux.conf");
  const other = join(env["XDG_CONFIG_HOME"] ?? join(places.home, ".config"), "tmux", "tmux.conf");
  return folder === undefined && !existsSync(own) && existsSync(other) ? other : own;
}

// An absolute path without anything that tmux would read otherwise; one that has it is quoted for it.
function block({ places, shell: name }: Setup): string {
  const path = shellPath(places, name);
  const word = /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
  return `# >>> holdpoint (holdpoint init tmux --undo takes this away)\nset -g default-shell ${word}\n# <<< holdpoint\n`;
}

const blockShape = /^# >>> holdpoint .*\n(?:.*\n)*?# <<< holdpoint\n?/m;
