import type { User } from "../model/world.js";
import { readFile } from "./file-system.js";

export function openUser(uid: number, home: string): User {
  let homes: ReadonlyMap<string, string> | undefined;
  return {
    uid,
    home,
    homeOf(name) {
      homes ??= readHomes();
      return homes.get(name);
    },
  };
}

/** passwd(5): name:password:uid:gid:comment:home:shell. */
function readHomes(): ReadonlyMap<string, string> {
  const file = readFile("/etc/passwd", 1 << 20);
  const text = file.ok ? Buffer.from(file.bytes).toString("utf8") : "";
  return new Map(
    text
      .split("\n")
      .map((line) => line.split(":"))
      .flatMap(([name, , , , , home]): [string, string][] =>
        name && home?.startsWith("/") ? [[name, home]] : [],
      ),
  );
}
