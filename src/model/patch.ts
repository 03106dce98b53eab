/** What a patch in the format of `apply_patch` names; paths as they stand in it. */
export interface PatchFiles {
  readonly written: readonly string[];
  readonly deleted: readonly string[];
}

/** By its file headers, which https://github.com/openai/codex describes in apply_patch's own instructions. */
export function readPatchFiles(patch: string): PatchFiles {
  const written: string[] = [];
  const deleted: string[] = [];
  const headers = patch.matchAll(/^\s*\*\*\* (Add File|Update File|Delete File|Move to): (.*?)\s*$/gm);
  for (const [, verb, path = ""] of headers) {
    if (verb === "Delete File") deleted.push(path);
    // The content of the file in front goes on under the other name.
    else if (verb === "Move to") written.splice(-1, 1, path);
    else written.push(path);
  }
  return { written, deleted };
}
