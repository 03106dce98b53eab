import type { GitEffect } from "../../model/effect.js";
import { configText, type GitCall } from "./call.js";

/** Where a push really goes: the remote's name, if it is one, and its URLs as the configuration has them. */
export function placeOfRemote(git: GitCall, remote: string): Pick<GitEffect, "remoteName" | "remoteUrls"> {
  const settings = [...readConfig(configText(git)), ...git.settings];
  const of = (key: string) =>
    settings.flatMap((one) =>
      one.key.toLowerCase() === `remote.${remote.toLowerCase()}.${key}` ? [one.value] : [],
    );
  const pushUrls = of("pushurl");
  const urls = pushUrls.length > 0 ? pushUrls : of("url");
  // A word that no section stands for is the URL itself, or a folder.
  const isName = urls.length > 0 || !/[:/]/.test(remote);
  const rewritten = (isName ? urls : [remote]).map((url) => rewrite(url, settings, pushUrls.length === 0));
  return {
    ...(isName ? { remoteName: remote } : {}),
    ...(rewritten.length === 0 ? {} : { remoteUrls: [...new Set(rewritten)] }),
  };
}

interface Setting {
  readonly key: string;
  readonly value: string;
}

/** `url.BASE.insteadOf`: the longest beginning that fits is replaced; for pushes alone `pushInsteadOf` goes before it. */
function rewrite(url: string, settings: readonly Setting[], isPlain: boolean): string {
  for (const kind of isPlain ? ["pushinsteadof", "insteadof"] : ["insteadof"]) {
    const [best] = settings
      .flatMap(({ key, value }) => {
        const [, base] = key.endsWith(`.${kind}`) ? (/^url\.(.*)\.\w+$/s.exec(key) ?? []) : [];
        return base !== undefined && url.startsWith(value) ? [{ base, value }] : [];
      })
      .toSorted((a, b) => b.value.length - a.value.length);
    if (best !== undefined) return best.base + url.slice(best.value.length);
  }
  return url;
}

/** The repository's own file, as git-config(1) writes it. Section names in lower case, a remote's name as it stands. */
function readConfig(text: string): readonly Setting[] {
  if (!/^\s*\[(remote|url) /im.test(text)) return [];
  let section = "";
  return text.split("\n").flatMap((line) => {
    const [, head, sub] = /^\s*\[(\w+)\s+"(.*)"\]/.exec(line) ?? [];
    if (head !== undefined || /^\s*\[/.test(line)) {
      section = head === undefined ? "" : `${head.toLowerCase()}.${sub ?? ""}`;
      return [];
    }
    const [, key, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (section === "" || key === undefined || value === undefined) return [];
    return [{ key: `${section}.${key.toLowerCase()}`, value: value.replace(/^"(.*)"$/, "$1") }];
  });
}
