import { loses, type SystemDeed, stops } from "./system-deed.js";

const dryRun = /(^| )(-n|--dry-run)( |$)/;

/** What keeps data of its own, and deletes it by an option or one word rather than by a tree of subcommands. */
export const dataDeeds: readonly SystemDeed[] = [
  {
    names: "gpg gpg2",
    when: /(^| )--delete-secret/,
    deed: loses("deletes a private key"),
  },
  {
    names: "security",
    when: /^delete-(keychain|generic-password|internet-password|certificate|identity)\b/,
    deed: loses("deletes what the keychain holds"),
  },
  { names: "secret-tool", when: /^clear /, deed: loses("deletes secrets of the key ring") },
  {
    names: "certbot",
    when: /^(delete|revoke|unregister)\b/,
    deed: loses("deletes or revokes a certificate"),
  },
  { names: "keytool", when: /(^| )-delete( |$)/, deed: loses("deletes a key or certificate of a key store") },
  { names: "tpm2_clear", when: /^/, deed: loses("deletes every key of the machine's key chip") },
  {
    names: "defaults",
    when: /^(-\w+ )*(delete|remove|delete-all) /,
    deed: loses("deletes settings of an application"),
  },
  {
    names: "hdfs hadoop",
    when: /^(dfs|fs) (.* )?-(rm|rmr|rmdir|expunge|truncate|deleteSnapshot)( |$)|^namenode (.* )?-(format|rollback|finalize)\b|^dfsadmin (.* )?-(deleteBlockPool|finalizeUpgrade)\b/,
    deed: loses("deletes data of the cluster's file system"),
  },
  {
    names: "nodetool",
    when: /(^| )(clearsnapshot|assassinate|removenode)\b/,
    deed: loses("deletes copies of data, or a node's part of it"),
  },
  {
    names: "nodetool",
    when: /(^| )(decommission|drain|stopdaemon|disablebinary|disablegossip)\b/,
    deed: stops("takes a node out of the cluster"),
  },
  {
    names: "neo4j-admin",
    when: /(^| )database delete\b|(^| )load\b.*--(overwrite-destination(=true)?|force)( |$)|(^| )restore\b.*--overwrite-destination/,
    deed: loses("deletes a database, or overwrites it with a dump"),
  },
  {
    names: "arangorestore",
    when: /^/,
    unless: /--overwrite[ =]false\b|--help|--version/,
    deed: loses("drops the collections of a dump's names before it writes them"),
  },
  {
    names: "celery",
    when: /(^| )(purge|amqp +queue\.(purge|delete)|amqp +exchange\.delete)( |$)/,
    unless: /--help/,
    deed: loses("throws away jobs that nobody has done yet"),
  },
  {
    names: "rq",
    when: /^empty( |$)/,
    unless: /--help/,
    deed: loses("throws away jobs that nobody has done yet"),
  },
  {
    names: "mosquitto_pub",
    when: /^(?=.*(^| )(-\w*r\w*|--retain)( |$))(?=.*(^| )(-\w*n\w*|--null-message)( |$))/,
    deed: loses("deletes the message that a topic keeps"),
  },
  {
    names: "memcflush memflush memcrm memrm",
    when: /^/,
    unless: /--help|--version/,
    deed: loses("deletes what a cache holds"),
  },
  {
    names: "kaggle",
    when: /^(datasets|d|kernels|k|models|m)\b.* delete\b/,
    unless: /--help/,
    deed: loses("deletes what was published"),
  },
  {
    names: "pocketbase",
    when: /^(superuser|admin) delete\b|^migrate down\b/,
    deed: loses("deletes an account, or takes migrations back"),
  },
  {
    names: "jf jfrog",
    when: /^(rt |artifactory )?(del|delete|rdel|rddel|repo-delete|group-delete|users-delete|build-discard|bdi|docker-delete)\b/,
    unless: /--dry-run(?!=false)|--help/,
    deed: loses("deletes artifacts that others fetch"),
  },
  {
    names: "cbt",
    when: /(^| )(deletetable|deleteallrows|deleterow|deletecolumn|deletefamily|deleteinstance|deletecluster|deletesnapshot|dropallrows)( |$)/,
    deed: loses("deletes data of Bigtable"),
  },
  {
    names: "k0s",
    when: /(^| )reset( |$)/,
    unless: /--help/,
    deed: loses("wipes what a node keeps of its cluster"),
  },
  { names: "machinectl", when: /(^| )remove( |$)/, deed: loses("deletes a machine with its files") },
  {
    names: "nomad-pack waypoint",
    when: /^(project |server )?(destroy|uninstall)\b/,
    unless: /--help/,
    deed: loses("takes down what was deployed"),
  },
  {
    names: "sqlpackage",
    when: /\/(Action|a):Publish\b.*(DropObjectsNotInSource=True|BlockOnPossibleDataLoss=False)/i,
    deed: loses("drops what its model of a database does not hold"),
  },
  {
    names: "pt-online-schema-change gh-ost",
    when: /(^| )--execute\b.*--alter[ =].*\bdrop\b|--alter[ =].*\bdrop\b.*--execute\b/is,
    deed: loses("drops a part of a table while it is in use"),
  },
  {
    names: "pt-archiver",
    when: /(^| )--purge\b/,
    unless: /(^| )--dry-run\b/,
    deed: loses("deletes rows and keeps no copy of them"),
  },
  {
    names: "repmgr",
    when: /^(primary|standby|witness) unregister\b|^node rejoin\b.*--force/,
    unless: /--dry-run/,
    deed: stops("takes a server out of its cluster"),
  },
  {
    names: "tarsnap",
    when: /(^| )(-\w*d|--nuke)( |$)/,
    unless: /(^| )--dry-run\b/,
    deed: loses("deletes archives"),
  },
  {
    names: "rdiff-backup",
    when: /--remove-older-than\b|^(.* )?remove increments\b/,
    deed: loses("deletes older backups"),
  },
  { names: "bup", when: /^(-\S+ )*(gc|rm|prune-older)\b/, unless: dryRun, deed: loses("deletes saved data") },
  {
    names: "timeshift",
    when: /--restore\b/,
    deed: loses("puts an older state of the machine in place of what is there"),
  },
  {
    names: "git-annex",
    when: /^(drop|dropunused|dropkey|move)\b.*--force\b/,
    deed: loses("deletes what may be the only copy of a file"),
  },
  {
    names: "lftp",
    when: /(^| )-[ec] (.*[;'" ])?(glob )?(rm|mrm|rmdir|mirror\b.*--(delete(-first)?|Remove-source-(files|dirs)))( |$)/,
    deed: loses("deletes files of another machine"),
  },
  {
    names: "smbclient",
    when: /(^| )(-c|--command)[ =]?(.*[;'" ])?(del|rm|rmdir|rd|deltree|wdel)( |$)/,
    deed: loses("deletes files of another machine"),
  },
  { names: "hub", when: /^delete /, deed: loses("deletes a repository") },
  {
    names: "ipmitool",
    when: /(^| )(power (off|cycle|reset|soft)|sel clear|mc reset)\b/,
    deed: stops("switches a machine off, or clears its log"),
  },
  {
    names: "fdupes jdupes",
    when: /(^| )(-\w*d\w*|--delete)( |$)/,
    deed: loses("deletes files that look alike, in every folder that it is given"),
  },
  {
    names: "rdfind",
    when: /-deleteduplicates +true/,
    unless: /-(n|dryrun) +true/,
    deed: loses("deletes files that look alike, in every folder that it is given"),
  },
  {
    names: "tmpreaper tmpwatch bleachbit",
    when: /^(?!.*(--test|--preview|-p |--list)).*(\/|--clean|-c )/,
    deed: loses("deletes files by their age or kind"),
  },
  {
    names: "qemu-img",
    when: /^(snapshot\b.* -[da]\b|resize\b.* --shrink\b|rebase\b.* -u\b)/,
    deed: loses("deletes a part of a machine's disk, or puts an older state in its place"),
  },
  {
    names: "prename perl-rename file-rename",
    when: /(^| )(-\w*f\w*|--force)( |$)/,
    unless: /(^| )(-\w*n\w*|--no-act|--nono)( |$)/,
    deed: loses("renames files over others"),
  },
];
