import type { Builtin, KnownTool } from "../model/builtin.js";
import type { ToolTree } from "../model/knowledge.js";
import { access } from "./access.js";
import { acl } from "./acl.js";
import { ansibleReader } from "./ansible.js";
import { type ApiTable, apiTable } from "./api-table.js";
import { archives } from "./archives.js";
import { awk } from "./awk.js";
import { aws } from "./aws.js";
import { azureReader } from "./az-rest.js";
import { builtin, command, evaluate, exec, hash, source } from "./builtins.js";
import { cp, install, ln } from "./copy.js";
import { curlReader } from "./curl.js";
import { dd } from "./dd.js";
import { disks } from "./disks.js";
import { dockerReader } from "./docker.js";
import { editors } from "./editors.js";
import { environment } from "./environment.js";
import { find } from "./find.js";
import { git } from "./git.js";
import { hostingReader } from "./hosting.js";
import { httpieReader } from "./httpie.js";
import { interpreterNames, interpretersReader } from "./interpreters.js";
import { java } from "./java.js";
import { just } from "./just.js";
import { kafka } from "./kafka.js";
import { keyboards } from "./keyboards.js";
import { helmReader } from "./kube-context.js";
import { clusterReader, kubectlReader } from "./kubectl.js";
import { busybox, debuggers, flock, script, watch } from "./launchers.js";
import { make } from "./make.js";
import { mongo } from "./mongo.js";
import { mongoTools } from "./mongo-tools.js";
import { mv } from "./move.js";
import { mysql } from "./mysql.js";
import { mysqladmin, mysqlTools } from "./mysql-tools.js";
import { nested } from "./nested.js";
import { netcatReaders } from "./netcat.js";
import { opensslReader } from "./openssl.js";
import { writers } from "./outputs.js";
import { parallel } from "./parallel.js";
import { rustParallel } from "./parallel-rust.js";
import { postgresClusters } from "./postgres-clusters.js";
import { postgresTools } from "./postgres-tools.js";
import { withPrograms } from "./programs.js";
import { psql } from "./psql.js";
import { pipReader } from "./python-packages.js";
import { railwayReader } from "./railway.js";
import { join, type Reader, type Table } from "./reader.js";
import { redis } from "./redis.js";
import { remoteReader } from "./remote-commands.js";
import { rimraf, rm, rmdir, unlink } from "./rm.js";
import { runners, unshimmed } from "./runners.js";
import { schedules } from "./schedules.js";
import { sed } from "./sed.js";
import { shells } from "./shells.js";
import { shred } from "./shred.js";
import { socatReader } from "./socat.js";
import { sort } from "./sort.js";
import { sqlClientReader, withSql } from "./sql-clients.js";
import { sqlite } from "./sqlite.js";
import { remotes } from "./ssh.js";
import { su, sudo } from "./sudo.js";
import { rsync } from "./sync.js";
import { systemPrograms } from "./system-programs.js";
import { tee } from "./tee.js";
import { terraformReader } from "./terraform.js";
import { tmux } from "./tmux.js";
import { trash } from "./trash.js";
import { treeReader } from "./tree.js";
import { fallocate, truncate } from "./truncate.js";
import { wgetReader } from "./wget.js";
import { windowsShell, windowsSubsystem } from "./windows.js";
import { wrapping } from "./wrappers.js";
import { xargs } from "./xargs.js";

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
  fallocate,
  shred,
  tee,
  trash,
  ...archives,
  ...editors,
  writers,
  access,
  acl,
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
  rustParallel,
  ...wrapping,
];
/** Without shims, as interpreters: called too often, and their texts are read at the line door. */
const streamEditors = [sed, awk];
const recipes = [make, just];
const databases = [
  psql,
  postgresTools,
  postgresClusters,
  mysql,
  mysqladmin,
  mysqlTools,
  sqlite,
  mongo,
  mongoTools,
  redis,
  sqlClientReader,
  kafka,
];
/** What no shim answers for: words of the shell itself. */
const shellWords = [command, builtin, exec, evaluate, hash, source];

/** Trees with a reader of their own for some of their subcommands. */
const treeKinds: Readonly<Record<string, (tree: ToolTree, apis: ApiTable) => Reader>> = {
  railway: railwayReader,
  gh: hostingReader,
  glab: hostingReader,
  kubectl: kubectlReader,
  helm: helmReader,
  minikube: clusterReader,
  docker: dockerReader,
  "docker-compose": dockerReader,
  terraform: terraformReader,
  terragrunt: terraformReader,
  az: azureReader,
  gcloud: remoteReader,
  heroku: remoteReader,
  ansible: ansibleReader,
  doctl: remoteReader,
  fly: remoteReader,
  render: remoteReader,
  nomad: remoteReader,
  pip: pipReader,
};

/** Every tool that is known, by name. A new one is one line here, or a file in `rules/tools`. */
export function createTable(known: Pick<Builtin, "tools" | "apis">): Table {
  const apis = apiTable(known.apis);
  const trees = known.tools.map((tool) => readLazily(tool, apis));
  const programs = new Set(trees.flatMap(({ names }) => names));
  const network = [
    curlReader(apis),
    wgetReader(apis),
    httpieReader(apis),
    ...netcatReaders(apis),
    socatReader(apis),
    opensslReader(apis),
    aws,
  ];
  const all = [
    ...files,
    ...launchers,
    ...databases,
    ...network,
    ...remotes,
    ...runners,
    systemPrograms,
    ...schedules,
    java,
    ...trees,
    shells,
    windowsShell,
    windowsSubsystem,
    keyboards,
    tmux,
    nested,
    ...interpretersReader(apis).map((one) => withPrograms(one, programs)),
    ...streamEditors,
    ...recipes,
    ...shellWords,
  ];
  const byName = new Map<string, Reader>();
  for (const reader of all)
    for (const name of reader.names) {
      const other = byName.get(name);
      byName.set(name, other !== undefined && isShared(name) ? both(other, reader) : reader);
    }
  return byName;
}

/** `npm`, `doppler`, `bun`: they start programs and are trees of subcommands, too. */
function isShared(name: string): boolean {
  return sharing.has(name);
}

const sharing: ReadonlySet<string> = new Set([
  ...runners.flatMap(({ names }) => names),
  ...interpreterNames,
  ...systemPrograms.names,
]);

function both(one: Reader, other: Reader): Reader {
  return { names: one.names, read: (call, world) => join(one.read(call, world), other.read(call, world)) };
}

/** The tree is taken from its text at the first call of its tool. */
function readLazily({ names, tree }: KnownTool, apis: ApiTable): Reader {
  let reader: Reader | undefined;
  return {
    names,
    read: (call, world) => {
      reader ??= treeKinds[names[0] ?? ""]?.(tree(), apis) ?? withSql(treeReader(tree()));
      return reader.read(call, world);
    },
  };
}

/**
 * The names that a session has shims for. Interpreters have none: a virtual environment that is started through one loses
 * its prefix, and a version manager never comes back. Their one-liners are read at the line door.
 */
export function shimmedNames(table: Table): readonly string[] {
  // `java` is asked where it lies, as `conda` is.
  const readers = [...streamEditors, ...recipes, ...shellWords, java];
  const without = new Set([...unshimmed, ...interpreterNames, ...readers.flatMap(({ names }) => names)]);
  return [...table.keys()].filter((name) => !without.has(name));
}
