import { join } from "node:path";
import { environmentOf, type Findings, type FoundLabel, noFindings } from "./finding.js";
import { type Place, readText } from "./look.js";

/** Hosts by the names of ssh's configuration; hosts of repositories are git's. */
export function findSsh({ home }: Place): Findings {
  const labels: FoundLabel[] = [];
  let open: string[] = [];
  let hostName = "";
  const close = (): void => {
    for (const value of open)
      if (!repositories.test(value) && !repositories.test(hostName))
        labels.push({
          key: "ssh",
          value,
          origin: "~/.ssh/config",
          environment: environmentOf(value) ?? environmentOf(hostName),
        });
    open = [];
    hostName = "";
  };
  for (const line of (readText(join(home, ".ssh", "config")) ?? "").split(/\r?\n/)) {
    const [, key = "", rest = ""] = /^\s*(Host|HostName|Match)(?:\s*=\s*|\s+)(.*)$/i.exec(line) ?? [];
    if (/^(host|match)$/i.test(key)) close();
    if (/^host$/i.test(key))
      open = rest
        .trim()
        .split(/\s+/)
        .filter((name) => !/[*?!]/.test(name));
    if (/^hostname$/i.test(key)) hostName = rest.trim();
  }
  close();
  return { ...noFindings, labels };
}

const repositories = /(^|\.)(github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|sr\.ht|dev\.azure\.com)$/i;
