import { basename } from "node:path/posix";
import type { Manifest } from "../model/scope.js";

/** What the manifests say that the session is for, a sentence each, for cards. None where they speak of neither purpose nor environments. */
export function sessionWords(manifests: readonly Manifest[]): readonly string[] {
  return manifests.flatMap(({ file, purpose, environments }) => {
    const acts = environments.filter(({ allow }) => allow.some((action) => action !== "read"));
    const others = environments.filter((one) => !acts.includes(one));
    const words = [
      ...(purpose === undefined ? [] : [purpose]),
      ...(acts.length === 0 ? [] : [`acts in ${names(acts)}`]),
      ...(others.length === 0 ? [] : [`not in ${names(others)}`]),
    ];
    return words.length === 0 ? [] : [`${words.join("; ")} (${basename(file)})`];
  });
}

function names(environments: Manifest["environments"]): string {
  return environments.map(({ name }) => name).join(", ");
}
