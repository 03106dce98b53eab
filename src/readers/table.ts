import type { Builtin, KnownTool } from "../model/builtin.js";
import type { ToolTree } from "../model/knowledge.js";
import { agentFiles } from "./agent/files.js";
import { agentPatch } from "./agent/patch.js";
import { agentService } from "./agent/service.js";
import { aws } from "./aws/aws.js";
import { awk } from "./code/awk.js";
import { gnuplot } from "./code/gnuplot.js";
import { interpreterNames, interpretersReader } from "./code/interpreters.js";
import { java } from "./code/java.js";
import { nmap } from "./code/nmap.js";
import { pipReader } from "./code/python-packages.js";
import { environment } from "./environment.js";
import { access } from "./files/access.js";
import { acl } from "./files/acl.js";
import { archives } from "./files/archives.js";
import { compiling } from "./files/compilers.js";
import { cp, install, ln } from "./files/copy.js";
import { dd } from "./files/dd.js";
import { disks } from "./files/disks.js";
import { dump } from "./files/dump.js";
import { editors } from "./files/editors.js";
import { fd } from "./files/fd.js";
import { find } from "./files/find.js";
import { mv } from "./files/move.js";
import { writers } from "./files/outputs.js";
import { rimraf, rm, rmdir, unlink } from "./files/rm.js";
import { sed } from "./files/sed.js";
import { shred } from "./files/shred.js";
import { sort } from "./files/sort.js";
import { csplit, split } from "./files/split.js";
import { rsync } from "./files/sync.js";
import { cmake, desktopFiles } from "./files/synonyms.js";
import { tee } from "./files/tee.js";
import { trash } from "./files/trash.js";
import { fallocate, truncate } from "./files/truncate.js";
import { buildArchivers } from "./files/unpackers.js";
import { git } from "./git/git.js";
import { hostingReader } from "./git/hosting.js";
import { type ApiTable, apiTable } from "./http/api-table.js";
import { azureReader } from "./http/az-rest.js";
import { curlReader } from "./http/curl.js";
import { httpieReader } from "./http/httpie.js";
import { netcatReaders } from "./http/netcat.js";
import { opensslReader } from "./http/openssl.js";
import { socatReader } from "./http/socat.js";
import { wgetReader } from "./http/wget.js";
import { netRequestReader } from "./net/request.js";
import { netSql } from "./net/sql.js";
import { netTunnel } from "./net/tunnel.js";
import { postgresClusters } from "./postgres/clusters.js";
import { psql } from "./postgres/psql.js";
import { postgresTools } from "./postgres/tools.js";
import { withPrograms } from "./programs.js";
import { railwayReader } from "./railway/railway.js";
import { join, type Reader, type Table } from "./reader.js";
import { ansibleReader } from "./remote/ansible.js";
import { dockerReader } from "./remote/docker.js";
import { helmReader } from "./remote/kube-context.js";
import { clusterReader, kubectlReader } from "./remote/kubectl.js";
import { remoteReader } from "./remote/remote-commands.js";
import { remotes } from "./remote/ssh.js";
import { terraformReader } from "./remote/terraform.js";
import { builtin, command, evaluate, exec, hash, source, sysopen, zmodload } from "./shell/builtins.js";
import { codex } from "./shell/codex.js";
import { debuggers } from "./shell/debuggers.js";
import { fish } from "./shell/fish.js";
import { goGenerate } from "./shell/go-generate.js";
import { just } from "./shell/just.js";
import { busybox, capsh, flock, script, startStopDaemon, watch } from "./shell/launchers.js";
import { make } from "./shell/make.js";
import { nested } from "./shell/nested.js";
import { parallel } from "./shell/parallel.js";
import { rustParallel } from "./shell/parallel-rust.js";
import { respelled } from "./shell/respelled.js";
import { runners, unshimmed } from "./shell/runners.js";
import { shells } from "./shell/shells.js";
import { starters, unshimmedStarters } from "./shell/starters.js";
import { su, sudo } from "./shell/sudo.js";
import { tmux } from "./shell/tmux.js";
import { windowsShell, windowsSubsystem } from "./shell/windows.js";
import { wrapping } from "./shell/wrappers.js";
import { xargs } from "./shell/xargs.js";
import { sqlClientReader, withSql } from "./sql/clients.js";
import { mysql } from "./sql/mysql.js";
import { mysqladmin, mysqlTools } from "./sql/mysql-tools.js";
import { sqlite } from "./sql/sqlite.js";
import { arango } from "./stores/arango.js";
import { kafka } from "./stores/kafka.js";
import { mongo } from "./stores/mongo.js";
import { mongoTools } from "./stores/mongo-tools.js";
import { redis } from "./stores/redis.js";
import { keyboards } from "./system/keyboards.js";
import { mount } from "./system/mount.js";
import { schedules } from "./system/schedules.js";
import { systemPrograms } from "./system/system-programs.js";
import { treeReader } from "./tree/tree.js";

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
  compiling,
  cmake,
  goGenerate,
  gnuplot,
  nmap,
  dump,
  desktopFiles,
  split,
  csplit,
  access,
  acl,
  find,
  fd,
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
  capsh,
  startStopDaemon,
  xargs,
  parallel,
  rustParallel,
  respelled,
  ...wrapping,
  ...starters,
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
  arango,
  sqlClientReader,
  kafka,
];
/** What no shim answers for: words of the shell itself. */
const shellWords = [command, builtin, exec, evaluate, hash, source, sysopen, zmodload];

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
    netRequestReader(apis),
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
    mount,
    ...schedules,
    java,
    ...trees,
    shells,
    fish,
    windowsShell,
    windowsSubsystem,
    keyboards,
    tmux,
    codex,
    agentFiles,
    agentPatch,
    agentService,
    netSql,
    netTunnel,
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
  // It types into others, and starts a program; it edits a table by an editor.
  "screen",
  "crontab",
  // A service has a client of that name, too.
  "split",
  // They start one program, and write a file.
  "tcpdump",
  "aria2c",
  "valgrind",
  // It writes a file, and starts what its packages say.
  "go",
  "nmap",
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
  const readers = [
    compiling,
    cmake,
    goGenerate,
    gnuplot,
    ...buildArchivers,
    ...streamEditors,
    ...recipes,
    ...shellWords,
    java,
  ];
  const without = new Set([
    ...unshimmed,
    ...unshimmedStarters,
    ...interpreterNames,
    ...readers.flatMap(({ names }) => names),
  ]);
  // What is named by a path is no program: `agent/files`, `net/request`.
  return [...table.keys()].filter((name) => !name.includes("/") && !without.has(name));
}
