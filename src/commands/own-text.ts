import { readFile } from "../world/file-system.js";

export type OwnText =
  | { readonly ok: true; readonly text: string }
  /** `isMissing`: there is no such file, which for the default config is fine. */
  | { readonly ok: false; readonly isMissing: boolean; readonly reason: string };

/** The text of a file that the user wrote for holdpoint. */
export function readOwnText(path: string): OwnText {
  const content = readFile(path, mostText);
  if (content.ok && content.complete) return { ok: true, text: Buffer.from(content.bytes).toString("utf8") };
  if (content.ok) return { ok: false, isMissing: false, reason: "is longer than a config may be (1 MB)" };
  const isMissing = content.reason === "ENOENT" || content.reason === "ENOTDIR";
  return {
    ok: false,
    isMissing,
    reason: `cannot be read: ${readable[content.reason] ?? content.reason}`,
  };
}

const mostText = 1024 * 1024;
const readable: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file",
  EACCES: "permission denied",
};
