import { isKnown } from "../../model/arg.js";
import type { Call } from "../../model/call.js";
import { envGet } from "../../model/env.js";
import type { World } from "../../model/world.js";
import { join, nothing, type Reading } from "../reader.js";
import { readShellWords } from "./launchers.js";

/** Variables by which a program is told what to start; a shell is given their value. git reads its own. */
const chosen: readonly (readonly [tools: string, variables: string])[] = [
  ["man", "MANPAGER PAGER"],
  ["less more", "LESSOPEN LESSCLOSE"],
  ["fzf sk", "FZF_DEFAULT_COMMAND"],
  ["xdg-open sensible-browser", "BROWSER"],
  ["crontab visudo vipw vigr sudoedit", "SUDO_EDITOR VISUAL EDITOR"],
  ["sensible-editor select-editor", "VISUAL EDITOR"],
  ["sensible-pager", "PAGER"],
  ["kubectl oc", "KUBE_EDITOR EDITOR"],
  ["psql", "PSQL_PAGER PAGER PSQL_EDITOR VISUAL EDITOR"],
  ["mysql mariadb", "PAGER VISUAL EDITOR"],
  ["systemctl", "SYSTEMD_EDITOR VISUAL EDITOR SYSTEMD_PAGER PAGER"],
  ["journalctl loginctl machinectl timedatectl networkctl resolvectl", "SYSTEMD_PAGER PAGER"],
  ["gh", "GH_EDITOR VISUAL EDITOR GH_PAGER PAGER GH_BROWSER BROWSER"],
  ["glab", "VISUAL EDITOR PAGER GLAB_PAGER BROWSER"],
  ["aws", "AWS_PAGER PAGER"],
  ["bat batcat", "BAT_PAGER PAGER"],
  ["delta", "DELTA_PAGER PAGER"],
  ["svn", "SVN_EDITOR VISUAL EDITOR"],
  ["hg", "HGEDITOR VISUAL EDITOR HGPAGER PAGER"],
  ["jj", "JJ_EDITOR VISUAL EDITOR PAGER"],
  ["sops ansible-vault pass gopass chezmoi virsh edquota", "VISUAL EDITOR"],
  ["ssh scp sftp ssh-add", "SSH_ASKPASS"],
  ["sudo", "SUDO_ASKPASS"],
  ["rsync", "RSYNC_CONNECT_PROG"],
];

const byTool: ReadonlyMap<string, readonly string[]> = new Map(
  chosen.flatMap(([tools, variables]) =>
    tools.split(" ").map((tool) => [tool, variables.split(" ")] as const),
  ),
);

/** `KUBE_EDITOR='/bin/rm -rf notes;' kubectl edit pod x`, `LESSOPEN='|/bin/rm -rf notes' less x`. */
export function readChosenPrograms(call: Call, tool: string, world: World): Reading {
  const variables = byTool.get(tool);
  if (variables === undefined) return nothing;
  const readings = variables.flatMap((name) => {
    // `PAGER="sh -c 'col -b | bat'"`: bat would have that pager, too.
    const value = call.via.includes(name) ? undefined : envGet(call.env, name);
    if (value === undefined || !isKnown(value) || plain.test(value)) return [];
    const text = name === "LESSOPEN" ? value.replace(/^\|*-?/, "") : value;
    return [readShellWords(call, world, [text], name)];
  });
  return readings.length === 0 ? nothing : join(...readings);
}

/** A program by its name, or of the system, with options at most. Everybody has these variables, and each call would read them. */
const plain = /^((\/usr(\/local)?)?\/bin\/)?[\w.+-]*(\s+-[\w=,.+-]*)*$/;
