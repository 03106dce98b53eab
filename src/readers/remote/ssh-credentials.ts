import { type Arg, isKnown } from "../../model/arg.js";
import type { Call, Host } from "../../model/call.js";
import type { World } from "../../model/world.js";
import { keyCredentials, unforeseenCredentials } from "../credentials/credential.js";
import { resolvePath } from "../path.js";
import { machineOf } from "./ssh-names.js";

/** The machine with the keys that are named: `-i FILE`, `-o IdentityFile=FILE`. Which of the usual ones it takes, only it can tell. */
export function signedHost(
  host: Host,
  files: readonly Arg[],
  settings: readonly Arg[],
  call: Call,
  world: World,
): Host {
  const stated = settings.flatMap((word) => {
    const [, file] = (isKnown(word) && /^\s*IdentityFile\s*[= ]\s*(.+?)\s*$/i.exec(word)) || [];
    return file === undefined ? [] : [file];
  });
  const credentials = [...files, ...stated].flatMap((word) => {
    if (!isKnown(word)) return unforeseenCredentials("ssh key", word, "?");
    const path = resolvePath(call, world, word.replace(/^~\//, `${world.user.home}/`));
    return path === undefined || !isKnown(path) ? [] : keyCredentials(call, world, "ssh key", path);
  });
  return credentials.length === 0 ? host : { ...host, credentials };
}

/** `rsync -e "ssh -i key"` */
export function hostOverShell(name: string, shell: Arg | undefined, call: Call, world: World): Host {
  const machine = machineOf(name, call, world);
  const [, key] = (shell !== undefined && isKnown(shell) && /(?:^|\s)-i\s*(\S+)/.exec(shell)) || [];
  return key === undefined ? machine : signedHost(machine, [key], [], call, world);
}
