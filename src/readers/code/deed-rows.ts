import { otherRows } from "./deed-rows-others.js";
import type { DeedRow } from "./deeds.js";
import type { LanguageName } from "./syntax.js";

/** Which functions of a language do which deed. */
export const deedRows: Readonly<Record<LanguageName, DeedRow>> = {
  python: [
    ["file", "os.remove os.unlink"],
    [
      "tree",
      "shutil.rmtree os.removedirs rmtree *.rmtree distutils.dir_util.remove_tree dir_util.remove_tree *.remove_tree",
    ],
    ["own-file", "(path).unlink *.unlink"],
    ["own-tree", "(path).rmtree (path).rmtree_p (path).remove_p (path).remove"],
    ["lose", "os.truncate"],
    [
      "lose-opened",
      "open().truncate io.open().truncate codecs.open().truncate (path).open().truncate os.ftruncate os.fdopen().truncate",
    ],
    ["inplace", "fileinput.input fileinput.FileInput FileInput"],
    ["touch", "os.utime os.mknod os.mkfifo"],
    ["own-touch", "(path).touch"],
    ["folder", "os.mkdir os.makedirs distutils.dir_util.mkpath"],
    ["own-folder", "(path).mkdir"],
    ["folder-gone", "os.rmdir"],
    ["own-folder-gone", "(path).rmdir"],
    ["link", "os.symlink"],
    ["hard-link", "os.link"],
    ["own-link", "(path).symlink_to (path).hardlink_to"],
    ["mode", "os.chmod os.lchmod"],
    ["own-mode", "(path).chmod (path).lchmod"],
    ["owner", "os.chown os.lchown shutil.chown"],
    ["own-write", "(path).write_text (path).write_bytes"],
    [
      "open",
      "open io.open codecs.open gzip.open bz2.open lzma.open tarfile.open os.open os.fdopen io.FileIO zipfile.ZipFile builtins.open",
    ],
    ["own-open", "(path).open"],
    ["second-write", "urllib.request.urlretrieve request.urlretrieve urlretrieve urllib.urlretrieve"],
    ["write", "numpy.save np.save np.savetxt numpy.savetxt torch.save"],
    ["move", "os.rename os.replace os.renames shutil.move"],
    ["own-move", "(path).rename (path).replace (path).move (path).move_into"],
    ["copy", "shutil.copy shutil.copyfile shutil.copy2 shutil.copytree distutils.dir_util.copy_tree"],
    ["own-copy", "(path).copy (path).copy_into"],
    [
      "line",
      "os.system os.popen commands.getoutput commands.getstatusoutput subprocess.getoutput subprocess.getstatusoutput " +
        "asyncio.create_subprocess_shell popen2.popen2 popen2.popen3 pexpect.run platform.popen ipython.system " +
        "get_ipython().system get_ipython().getoutput invoke.run Context().run fabric.local local run invoke.Context().run " +
        "Connection().run Connection().sudo Connection().local fabric.Connection().run fabric.Connection().sudo delegator.run",
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
    ["code", "exec eval compile timeit.timeit timeit.repeat timeit.Timer cProfile.run profile.run pdb.run"],
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
        "Deno.create Deno.createSync Deno.writeTextFile Deno.writeTextFileSync Deno.writeFile Deno.writeFileSync Bun.write fs-extra.outputFile fse.outputFile " +
        "*.outputFileSync fs-extra.writeJson fse.writeJson *.writeJsonSync *.writeJSONSync fs-extra.outputJson",
    ],
    ["own-write", "(path).write (path).writer"],
    [
      "append",
      "*.appendFileSync fs.appendFile fs.promises.appendFile fsp.appendFile promises.appendFile appendFile",
    ],
    [
      "open",
      "*.openSync fs.open fs.promises.open fsp.open promises.open Deno.open fs-extra.open fse.open graceful-fs.open",
    ],
    [
      "touch",
      "*.utimesSync *.lutimesSync fs.utimes fs.promises.utimes fsp.utimes Deno.utime Deno.utimeSync *.ensureFileSync " +
        "fs-extra.ensureFile fse.ensureFile *.createFileSync fs-extra.createFile",
    ],
    [
      "folder",
      "*.mkdirSync fs.mkdir fs.promises.mkdir fsp.mkdir promises.mkdir Deno.mkdir Deno.mkdirSync *.ensureDirSync *.mkdirpSync " +
        "fs-extra.ensureDir fs-extra.mkdirp fse.ensureDir fse.mkdirp mkdirp mkdirp.sync",
    ],
    [
      "link",
      "*.symlinkSync fs.symlink fs.promises.symlink fsp.symlink Deno.symlink Deno.symlinkSync *.ensureSymlinkSync",
    ],
    [
      "hard-link",
      "*.linkSync fs.link fs.promises.link fsp.link Deno.link Deno.linkSync fs-extra.ensureLink *.ensureLinkSync",
    ],
    [
      "mode",
      "*.chmodSync fs.chmod fs.promises.chmod fsp.chmod promises.chmod Deno.chmod Deno.chmodSync *.lchmodSync",
    ],
    [
      "owner",
      "*.chownSync *.lchownSync fs.chown fs.lchown fs.promises.chown fsp.chown Deno.chown Deno.chownSync",
    ],
    ["lose-opened", "*.ftruncateSync fs.ftruncate"],
    ["lose", "*.truncateSync fs.truncate fs.promises.truncate fsp.truncate Deno.truncate Deno.truncateSync"],
    [
      "move",
      "*.renameSync fs.rename fs.promises.rename fsp.rename promises.rename fs-extra.move fse.move *.moveSync Deno.rename " +
        "Deno.renameSync",
    ],
    [
      "copy",
      "*.copyFileSync fs.copyFile fs.promises.copyFile fsp.copyFile Deno.copyFile Deno.copyFileSync *.cpSync fs.cp fs.promises.cp " +
        "fsp.cp promises.cp *.copySync fs-extra.copy fse.copy",
    ],
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
    ["open", "File.open open File.new IO.sysopen IO.open"],
    ["own-open", "(path).open (path).sysopen"],
    ["lose-opened", "File.open().truncate File.new().truncate open().truncate"],
    ["touch", "FileUtils.touch File.mkfifo"],
    ["folder", "Dir.mkdir FileUtils.mkdir FileUtils.mkdir_p FileUtils.makedirs FileUtils.mkpath"],
    ["own-folder", "(path).mkdir (path).mkpath"],
    ["folder-gone", "Dir.rmdir Dir.delete Dir.unlink FileUtils.rmdir"],
    ["own-folder-gone", "(path).rmdir"],
    ["link", "File.symlink FileUtils.ln_s FileUtils.ln_sf FileUtils.symlink"],
    ["hard-link", "File.link FileUtils.ln FileUtils.link FileUtils.cp_lr"],
    ["own-link", "(path).make_symlink (path).make_link"],
    ["mode-first", "File.chmod File.lchmod FileUtils.chmod FileUtils.chmod_R"],
    ["own-mode", "(path).chmod"],
    ["owner-first", "File.chown File.lchown FileUtils.chown FileUtils.chown_R"],
    ["move", "File.rename FileUtils.mv FileUtils.move"],
    ["own-move", "(path).rename"],
    [
      "copy",
      "FileUtils.cp FileUtils.copy FileUtils.copy_file FileUtils.install FileUtils.cp_r FileUtils.copy_entry",
    ],
    ["line", "`"],
    [
      "either",
      "system exec spawn Process.spawn Process.exec IO.popen Open3.capture2 Open3.capture2e Open3.capture3 Open3.popen2 " +
        "Open3.popen2e Open3.popen3 Open3.pipeline PTY.spawn popen sh",
    ],
    ["code", "eval instance_eval class_eval binding().eval binding.eval"],
  ],
  perl: [
    ["files", "unlink POSIX.unlink POSIX.remove"],
    ["trees", "rmtree remove_tree File.Path.rmtree File.Path.remove_tree File.Remove.remove"],
    ["own-tree", "path().remove_tree"],
    ["own-file", "path().remove"],
    ["lose", "truncate"],
    ["perl-open", "open"],
    ["handle-open", "sysopen"],
    ["own-write", "path().spew path().spew_utf8 path().spew_raw"],
    ["append", "append_file File.Slurp.append_file"],
    ["folder", "mkdir make_path mkpath File.Path.make_path File.Path.mkpath"],
    ["folder-gone", "rmdir"],
    ["link", "symlink"],
    ["hard-link", "link"],
    ["mode-first", "chmod"],
    ["owner-first", "chown"],
    ["write", "write_file File.Slurp.write_file"],
    ["move", "rename move mv File.Copy.move"],
    ["copy", "copy cp File.Copy.copy"],
    ["line", "` qx readpipe"],
    ["either", "system exec IPC.Run.run run3 capture capturex systemx shell run"],
    ["code", "eval"],
  ],
  php: [
    ["file", "unlink File.delete"],
    ["tree", "File.deleteDirectory File.cleanDirectory Storage.deleteDirectory"],
    ["write", "file_put_contents"],
    ["open", "fopen SplFileObject"],
    ["touch", "touch"],
    ["folder", "mkdir"],
    ["folder-gone", "rmdir"],
    ["link", "symlink"],
    ["hard-link", "link"],
    ["mode", "chmod"],
    ["owner", "chown chgrp lchown lchgrp"],
    ["move", "rename move_uploaded_file"],
    ["copy", "copy"],
    ["line", "` system exec passthru shell_exec popen Process.fromShellCommandline Process.run"],
    ["either", "proc_open Process"],
    ["spawn", "pcntl_exec"],
    ["code", "eval assert create_function"],
  ],
  ...otherRows,
};
