import type { Builtin } from "../model/builtin.js";
import { access } from "./access.js";
import { awk } from "./awk.js";
import { aws } from "./aws.js";
import { builtin, command, evaluate, exec, hash, source } from "./builtins.js";
import { cp, install, ln } from "./copy.js";
import { curlReader } from "./curl.js";
import { dd } from "./dd.js";
import { disks } from "./disks.js";
import { environment } from "./environment.js";
import { find } from "./find.js";
import { git } from "./git.js";
import { interpreters } from "./interpreters.js";
import { keyboards } from "./keyboards.js";
import { busybox, debuggers, flock, script, watch } from "./launchers.js";
import { mongo } from "./mongo.js";
import { mv } from "./move.js";
import { mysql, mysqladmin } from "./mysql.js";
import { nested } from "./nested.js";
import { postgresTools } from "./postgres-tools.js";
import { psql } from "./psql.js";
import { railwayReader } from "./railway.js";
import type { Table } from "./read.js";
import type { Reader } from "./reader.js";
import { redis } from "./redis.js";
import { rimraf, rm, rmdir, unlink } from "./rm.js";
import { sed } from "./sed.js";
import { shells } from "./shells.js";
import { shred } from "./shred.js";
import { sort } from "./sort.js";
import { sqlite } from "./sqlite.js";
import { su, sudo } from "./sudo.js";
import { rsync } from "./sync.js";
import { tee } from "./tee.js";
import { tmux } from "./tmux.js";
import { treeReader } from "./tree.js";
import { truncate } from "./truncate.js";
import { wgetReader } from "./wget.js";
import { wrapping } from "./wrappers.js";
import { parallel, xargs } from "./xargs.js";

const files = [
  rm,
  unlink,
  rmdir,
  rimraf,
  mv,
  rsync,
  sort,
  cp,
  install,
  ln,
  dd,
  disks,
  truncate,
  shred,
  tee,
  access,
  find,
  git,
];
const launchers = [
  environment,
  sudo,
  su,
  watch,
  flock,
  script,
  busybox,
  debuggers,
  xargs,
  parallel,
  ...wrapping,
];
/** Without shims, as interpreters: called too often, and their texts are read at the line door. */
const editors = [sed, awk];
const databases = [psql, postgresTools, mysql, mysqladmin, sqlite, mongo, redis];
/** What no shim answers for: words of the shell itself. */
const shellWords = [command, builtin, exec, evaluate, hash, source];

/** Every tool that is known, by name. A new one is one line here, or a file in `rules/tools`. */
export function createTable({ tools, apis }: Pick<Builtin, "tools" | "apis">): Table {
  const trees = tools.map((tree) =>
    tree.provider === "railway" ? railwayReader(tree, apis) : treeReader(tree),
  );
  const network = [curlReader(apis), wgetReader(apis), aws];
  const all = [
    ...files,
    ...launchers,
    ...databases,
    ...network,
    ...trees,
    shells,
    keyboards,
    tmux,
    nested,
    ...interpreters,
    ...editors,
    ...shellWords,
  ];
  return new Map(all.flatMap((reader) => reader.names.map((name): [string, Reader] => [name, reader])));
}

/**
 * The names that a session has shims for. Interpreters have none: a virtual environment that is started through one loses
 * its prefix, and a version manager never comes back. Their one-liners are read at the line door.
 */
export function shimmedNames(table: Table): readonly string[] {
  const without = new Set<Reader>([...interpreters, ...editors, ...shellWords]);
  return [...table].filter(([, reader]) => !without.has(reader)).map(([name]) => name);
}
