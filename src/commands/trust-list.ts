import { jsonText } from "../model/json-text.js";
import { showUntrusted } from "../prompt/visible.js";
import { listTrust, sha256, type Trust } from "./manifest-store.js";
import { readOwnText } from "./own-text.js";
import type { Places } from "./places.js";
import type { Terminal } from "./terminal.js";

/** `trusted`: the file is as it was trusted. Else what was trusted goes on holding, and allows nothing. */
type Standing = "trusted" | "changed" | "gone" | "unreadable";

/** What persons have trusted on this machine. */
export function listTrusted(isJson: boolean, places: Places, terminal: Terminal): number {
  const all = listTrust(places).map((trust) => ({ ...trust, standing: standingOf(trust) }));
  if (isJson) terminal.print(jsonText({ trusted: all }, 2));
  else if (all.length === 0) terminal.print("nothing is trusted; to trust a manifest: holdpoint trust FILE");
  else
    for (const { file, time, standing } of all)
      terminal.print(`${showUntrusted(file)}  ${time}  ${words[standing]}`);
  return 0;
}

const words: Readonly<Record<Standing, string>> = {
  trusted: "trusted",
  changed: "changed since: it only tightens, and so does what was trusted",
  gone: "gone: what was trusted goes on tightening",
  unreadable: "cannot be read: no session starts there",
};

function standingOf({ file, sha256: hash }: Trust): Standing {
  const read = readOwnText(file);
  if (read.ok) return sha256(read.text) === hash ? "trusted" : "changed";
  return read.isMissing ? "gone" : "unreadable";
}
