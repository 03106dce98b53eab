import type { LanguageName } from "./code-syntax.js";

/**
 * What a function of a language does to files, and what it starts.
 * `file`, `tree`: deletes its first argument; `files`, `trees`: all of them. `own…`: what it is called on.
 */
export type CodeDeed =
  | "file"
  | "files"
  | "tree"
  | "trees"
  | "own-file"
  | "own-tree"
  | "emptied"
  | "write"
  | "second-write"
  | "own-write"
  | "lose"
  | "open"
  | "own-open"
  | "perl-open"
  | "move"
  | "own-move"
  | "copy"
  | "own-copy"
  /** A text for a shell. */
  | "line"
  | "own-line"
  /** A text for a shell, or words. */
  | "either"
  /** Words, or a program and a list of them. */
  | "words"
  | "spawn"
  /** The list or the words begin with the name that the program is told. */
  | "exec"
  /** The function's own name is the program: `sh.rm("-rf", "x")`. */
  | "member"
  /** A text of its own language. */
  | "code";

/** By the whole name, or by its last part alone: `*.rmSync`. */
export function deedOf(name: string, language: LanguageName): CodeDeed | undefined {
  const table = tableOf(language);
  const last = name.slice(name.lastIndexOf(".") + 1);
  return (
    table.get(name) ?? table.get(`*.${last}`) ?? table.get(`${name.slice(0, name.length - last.length)}*`)
  );
}

const tables = new Map<LanguageName, ReadonlyMap<string, CodeDeed>>();

/** Made when a language is first met: most never are. */
function tableOf(language: LanguageName): ReadonlyMap<string, CodeDeed> {
  const table = tables.get(language) ?? tabulate(rows[language]);
  tables.set(language, table);
  return table;
}

function tabulate(row: Row): ReadonlyMap<string, CodeDeed> {
  return new Map(
    row.flatMap(([deed, names]) => names.split(" ").map((name): [string, CodeDeed] => [name, deed])),
  );
}

type Row = readonly (readonly [deed: CodeDeed, names: string])[];

const java: Row = [
  ["own-file", "(path).delete (path).deleteOnExit (path).deleteIfExists"],
  ["own-tree", "(path).deleteDir (path).deleteRecursively"],
  ["file", "Files.delete Files.deleteIfExists"],
  [
    "tree",
    "FileUtils.deleteDirectory FileUtils.forceDelete FileUtils.cleanDirectory FileUtils.deleteQuietly",
  ],
  [
    "own-write",
    "(path).write (path).setText (path).withWriter (path).newWriter (path).setBytes (path).writeText",
  ],
  ["write", "Files.write Files.writeString FileWriter FileOutputStream"],
  ["own-move", "(path).renameTo"],
  ["move", "Files.move"],
  ["own-line", "(text).execute (list).execute"],
  ["either", "Runtime.getRuntime().exec ProcessBuilder"],
  ["code", "evaluate Eval.me GroovyShell().evaluate"],
];

const rows: Readonly<Record<LanguageName, Row>> = {
  python: [
    ["file", "os.remove os.unlink"],
    [
      "tree",
      "shutil.rmtree os.removedirs rmtree *.rmtree distutils.dir_util.remove_tree dir_util.remove_tree *.remove_tree",
    ],
    ["own-file", "(path).unlink *.unlink"],
    ["own-tree", "(path).rmtree (path).rmtree_p (path).remove_p (path).remove"],
    ["lose", "os.truncate"],
    ["own-write", "(path).write_text (path).write_bytes"],
    ["open", "open io.open codecs.open gzip.open bz2.open lzma.open tarfile.open"],
    ["own-open", "(path).open"],
    ["write", "numpy.save np.save np.savetxt numpy.savetxt torch.save"],
    ["move", "os.rename os.replace os.renames shutil.move"],
    ["own-move", "(path).rename (path).replace (path).move"],
    ["copy", "shutil.copy shutil.copyfile shutil.copy2"],
    [
      "line",
      "os.system os.popen commands.getoutput commands.getstatusoutput subprocess.getoutput subprocess.getstatusoutput " +
        "asyncio.create_subprocess_shell popen2.popen2 popen2.popen3 pexpect.run platform.popen ipython.system " +
        "get_ipython().system get_ipython().getoutput invoke.run Context().run fabric.local local run invoke.Context().run " +
        "Connection().run Connection().sudo Connection().local fabric.Connection().run fabric.Connection().sudo delegator.run posix.system nt.system",
    ],
    [
      "either",
      "subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen Popen check_call " +
        "check_output pty.spawn sp.run sp.call sp.check_call sp.check_output sp.Popen pexpect.spawn",
    ],
    ["words", "asyncio.create_subprocess_exec"],
    [
      "exec",
      "os.execv os.execve os.execvp os.execvpe os.execl os.execle os.execlp os.execlpe os.posix_spawn os.posix_spawnp",
    ],
    ["member", "sh.* plumbum.cmd.* plumbum.local.*"],
    ["code", "exec eval compile"],
  ],
  javascript: [
    [
      "file",
      "fs.unlink fs.promises.unlink fsp.unlink promises.unlink *.unlinkSync fs-extra.unlink fse.unlink " +
        "Bun.unlink unlink graceful-fs.unlink mz.fs.unlink",
    ],
    [
      "tree",
      "*.rmSync *.rmdirSync fs.rm fs.rmdir fs.promises.rm fs.promises.rmdir fsp.rm fsp.rmdir promises.rm promises.rmdir " +
        "Deno.remove Deno.removeSync fs-extra.remove fse.remove *.removeSync fs-extra.rm rimraf rimraf.sync rimraf.rimraf " +
        "rimraf.rimrafSync rimrafSync rimraf.native rimraf.manual del del.del del.sync deleteAsync deleteSync del.deleteAsync " +
        "del.deleteSync graceful-fs.rm fs.remove",
    ],
    ["emptied", "fs-extra.emptyDir fse.emptyDir *.emptyDirSync *.emptydirSync fs-extra.emptydir fs.emptyDir"],
    ["own-file", "(path).delete (path).unlink"],
    [
      "write",
      "*.writeFileSync fs.writeFile fs.promises.writeFile fsp.writeFile promises.writeFile *.createWriteStream writeFile " +
        "Deno.writeTextFile Deno.writeTextFileSync Deno.writeFile Deno.writeFileSync Bun.write fs-extra.outputFile fse.outputFile " +
        "*.outputFileSync fs-extra.writeJson fse.writeJson *.writeJsonSync *.writeJSONSync fs-extra.outputJson",
    ],
    ["lose", "*.truncateSync fs.truncate fs.promises.truncate fsp.truncate Deno.truncate Deno.truncateSync"],
    [
      "move",
      "*.renameSync fs.rename fs.promises.rename fsp.rename promises.rename fs-extra.move fse.move *.moveSync Deno.rename " +
        "Deno.renameSync",
    ],
    ["copy", "*.copyFileSync fs.copyFile fs.promises.copyFile fsp.copyFile Deno.copyFile Deno.copyFileSync"],
    [
      "line",
      "*.execSync child_process.exec cp.exec exec child_process.promises.exec execaCommand execaCommandSync execa.command " +
        "execa.commandSync shelljs.exec shell.exec $ Bun.$ bun.$ $.sync execa.execaCommand execa.$ zx.$ app.doShellScript " +
        "*.doShellScript",
    ],
    [
      "spawn",
      "*.spawnSync *.execFileSync child_process.spawn cp.spawn spawn child_process.execFile cp.execFile execFile " +
        "child_process.fork cp.fork execa execa.execa *.execaSync execaSync execa.sync cross-spawn cross-spawn.spawn cross-spawn.sync Bun.spawn Bun.spawnSync Deno.Command " +
        "Deno.run *.execve",
    ],
    ["member", "shelljs.* shell.*"],
    ["code", "eval Function vm.runInThisContext vm.runInNewContext vm.Script vm.runInContext"],
  ],
  ruby: [
    ["files", "File.delete File.unlink FileUtils.rm FileUtils.rm_f FileUtils.remove FileUtils.safe_unlink"],
    [
      "trees",
      "FileUtils.rm_r FileUtils.rm_rf FileUtils.rmtree FileUtils.remove_dir FileUtils.remove_entry FileUtils.remove_entry_secure " +
        "FileUtils.remove_file rm_rf rm_r",
    ],
    ["own-file", "(path).delete (path).unlink"],
    ["own-tree", "(path).rmtree"],
    ["lose", "File.truncate"],
    ["write", "File.write IO.write File.binwrite IO.binwrite"],
    ["own-write", "(path).write (path).binwrite"],
    ["open", "File.open open File.new"],
    ["move", "File.rename FileUtils.mv FileUtils.move"],
    ["own-move", "(path).rename"],
    ["copy", "FileUtils.cp FileUtils.copy FileUtils.copy_file FileUtils.install"],
    ["line", "`"],
    [
      "either",
      "system exec spawn Process.spawn Process.exec IO.popen Open3.capture2 Open3.capture2e Open3.capture3 Open3.popen2 " +
        "Open3.popen2e Open3.popen3 Open3.pipeline PTY.spawn popen sh",
    ],
    ["code", "eval instance_eval class_eval binding().eval binding.eval"],
  ],
  perl: [
    ["files", "unlink"],
    ["trees", "rmtree remove_tree File.Path.rmtree File.Path.remove_tree File.Remove.remove"],
    ["own-tree", "path().remove_tree"],
    ["lose", "truncate"],
    ["perl-open", "open"],
    ["write", "write_file File.Slurp.write_file"],
    ["move", "rename move mv File.Copy.move"],
    ["copy", "copy cp File.Copy.copy"],
    ["line", "` qx readpipe"],
    ["either", "system exec IPC.Run.run run3 capture capturex systemx"],
    ["code", "eval"],
  ],
  php: [
    ["file", "unlink File.delete"],
    ["tree", "File.deleteDirectory File.cleanDirectory Storage.deleteDirectory"],
    ["write", "file_put_contents"],
    ["open", "fopen"],
    ["move", "rename move_uploaded_file"],
    ["copy", "copy"],
    ["line", "` system exec passthru shell_exec popen Process.fromShellCommandline Process.run"],
    ["either", "proc_open Process"],
    ["spawn", "pcntl_exec"],
    ["code", "eval assert create_function"],
  ],
  lua: [
    ["file", "os.remove"],
    ["open", "io.open io.output"],
    ["move", "os.rename"],
    ["line", "os.execute io.popen"],
    ["code", "loadstring load dostring"],
  ],
  r: [
    ["files", "file.remove fs.file_delete file_delete"],
    ["tree", "unlink fs.dir_delete dir_delete"],
    [
      "second-write",
      "writeLines write saveRDS write.csv write.table write.csv2 readr.write_csv write_csv jsonlite.write_json",
    ],
    ["write", "file.create sink"],
    ["move", "file.rename fs.file_move"],
    ["line", "system shell pipe"],
    ["spawn", "system2 processx.run sys.exec_wait"],
  ],
  julia: [
    ["tree", "rm Base.rm"],
    ["write", "write"],
    ["open", "open"],
    ["move", "mv Base.mv"],
    ["copy", "cp Base.cp"],
    ["line", "`"],
    ["code", "eval include_string"],
  ],
  elixir: [
    ["file", "File.rm File.rm!"],
    ["tree", "File.rm_rf File.rm_rf!"],
    ["write", "File.write File.write!"],
    ["move", "File.rename File.rename!"],
    ["copy", "File.cp File.cp! File.copy File.copy!"],
    ["line", ":os.cmd System.shell"],
    ["spawn", "System.cmd"],
    ["code", "Code.eval_string"],
  ],
  groovy: java,
  swift: [
    ["tree", "*.removeItem"],
    ["write", "*.createFile"],
    ["move", "*.moveItem"],
    ["line", "system shell"],
  ],
};
