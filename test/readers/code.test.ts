import { expect, test } from "vitest";
import { showArg } from "../../src/model/arg.js";
import type { Inner } from "../../src/model/call.js";
import { envFrom } from "../../src/model/env.js";
import { readCode } from "../../src/readers/code/reading.js";
import type { LanguageName } from "../../src/readers/code/syntax.js";
import { apiTable } from "../../src/readers/http/api-table.js";
import { show } from "./effect-words.js";
import { fakeCall, fakeWorld, shimPath } from "./fake-world.js";

const world = fakeWorld({
  files: { "/w/d/a.log": "a", "/w/d/b.log": "b", "/w/d/c.txt": "c", "/srv/x": "x" },
});
const call = fakeCall(["python3", "-c", "…", "first", "second"], {
  env: envFrom([
    ["PATH", shimPath],
    ["HOME", "/home/dev"],
  ]),
});

/** Code → what it does; a word that begins with `>` is a line or a command that it starts. */
const table: readonly (readonly [language: LanguageName, code: string, deeds: readonly string[]])[] = [
  // Names: imports, aliases, assignments, loops, parameters.
  ["python", "from os import remove as r\nr('x')", ["delete file /w/x, unknown"]],
  ["python", "import os.path as p, os as o; o.remove(p.join('a', 'b'))", ["delete file /w/a/b, unknown"]],
  ["python", "a = 'x'\nb = a + '/y'\nimport os; os.remove(b)", ["delete file /w/x/y, unknown"]],
  [
    "python",
    "import os\nfor f in ['x', 'y']:\n    os.remove(f)",
    ["delete file /w/x, unknown", "delete file /w/y, unknown"],
  ],
  [
    "python",
    "import os, glob\nfor f in glob.glob('d/*.log'):\n    os.remove(f)",
    ["delete file /w/d/a.log, unknown", "delete file /w/d/b.log, unknown"],
  ],
  [
    "python",
    "import os\nfor f in os.listdir('d'):\n  if f.endswith('.txt'):\n    os.remove(os.path.join('d', f))",
    ["delete file /w/d/c.txt, unknown"],
  ],
  [
    "python",
    "import os\nfor r, ds, fs in os.walk('d'):\n  for f in fs: os.remove(os.path.join(r, f))",
    ["delete file /w/d, unknown?"],
  ],
  ["python", "def wipe(p, q=1):\n    os.remove(p)\nwipe('x')", ["delete file /w/x, unknown"]],
  ["python", "p = 'x' if a else 'y'; os.remove(p)", ["delete file /w/x, unknown"]],
  [
    "python",
    "p = 'x'\nif a:\n    p = 'y'\nos.remove(p)",
    ["delete file /w/x, unknown", "delete file /w/y, unknown"],
  ],
  ["python", "import sys, os; os.remove(sys.argv[2])", ["delete file /w/second, unknown"]],
  ["python", "import os; os.remove(os.environ['HOME'] + '/x')", ["delete file /home/dev/x, unknown"]],
  [
    "python",
    "from pathlib import Path\nPath('a', 'b').with_name('c').unlink()",
    ["delete file /w/a/c, unknown"],
  ],
  ["python", "os.chdir('/srv'); os.remove('x')", ["delete file /srv/x, unknown"]],
  [
    "python",
    "import os; os.remove(find())",
    ["opaque os.remove(find()): cannot tell what it would delete: a value that the program makes"],
  ],
  ["javascript", "import {rm as r} from 'node:fs/promises'; await r('x')", ["delete file /w/x, unknown"]],
  ["javascript", "const {rmSync: r} = require('fs'); r(`x/${'y'}`)", ["delete file /w/x/y, unknown"]],
  [
    "javascript",
    "const p = require('path').resolve('a', '/srv', 'x'); fs.unlinkSync(p)",
    ["delete file /srv/x, unknown"],
  ],
  [
    "javascript",
    "fs.readdirSync('d').filter(f => f.endsWith('.txt')).forEach(f => fs.unlinkSync('d/' + f))",
    ["delete file /w/d/c.txt, unknown"],
  ],
  ["javascript", "const dir = process.env.NONE || 'x'; fs.rmSync(dir)", ["delete file /w/x, unknown"]],
  ["ruby", "Dir.glob('d/*.txt').each do |f|\n  File.delete f\nend", ["delete file /w/d/c.txt, unknown"]],
  ["ruby", "File.delete(*%w[x y])", ["delete file /w/x, unknown", "delete file /w/y, unknown"]],
  [
    "perl",
    'my $d = "x"; unlink "$d/y", qq{$d/z};',
    ["delete file /w/x/y, unknown", "delete file /w/x/z, unknown"],
  ],
  ["perl", "unlink for <d/*.txt>", ["delete file /w/d/c.txt, unknown"]],
  ["php", '$f = "x"; @unlink($f . ".log");', ["delete file /w/x.log, unknown"]],
  ["lua", "os.remove('x' .. '.log') -- os.remove('y')", ["delete file /w/x.log, unknown"]],

  // Shell-outs.
  ["python", "os.system(f'ls {d}')", [">ls $__hp_made"]],
  ["python", "subprocess.run(['rm', '-r', d])", [">rm -r d"]],
  ["python", "subprocess.run(['echo x; rm y'], shell=True)", [">echo x; rm y"]],
  ["python", "subprocess.run(['ls'], cwd='/srv')", [">ls in /srv"]],
  ["javascript", "cp.spawn('rm', ['-r', 'x'], {shell: true})", [">rm -r x"]],
  ["javascript", "$`rm -r ${'x'}`", [">rm -r x"]],
  ["javascript", "$('p').remove()", []],
  ["ruby", "`ls`; %x{pwd}; system 'a', 'b'", [">ls", ">pwd", ">a b"]],
  ["perl", "open(P, 'ls |'); open(Q, '-|', 'a', 'b')", [">ls", ">a b"]],
  ["elixir", 'System.cmd("ls", ["-l"])', [">ls -l"]],

  // Databases and clouds.
  [
    "python",
    "c.execute('DROP TABLE users')",
    [">psql -X -d a database that the code chooses -c DROP TABLE users"],
  ],
  [
    "python",
    "c.execute(f'DELETE FROM {t}')",
    [">psql -X -d a database that the code chooses -c DELETE FROM t"],
  ],
  [
    "python",
    "c.execute('delete from users where id = %s', (3,))",
    [">psql -X -d a database that the code chooses -c delete from users where id = NULL"],
  ],
  ["python", "sqlite3.connect('a.db').execute('drop table t')", [">sqlite3 a.db drop table t"]],
  ["python", "c.execute('update users set a = 1 where id = 3')", []],
  ["python", "c.execute('SELECT 1')", []],
  [
    "javascript",
    "p.$executeRaw`TRUNCATE users`",
    [">psql -X -d a database that the code chooses -c TRUNCATE users"],
  ],
  [
    "python",
    "boto3.client('s3').delete_object(Bucket='b', Key='k')",
    [">aws s3api delete-object --bucket b --key k"],
  ],
  ["python", "stripe.Customer.delete('c')", ["delete stripe.Customer.delete customer c, none"]],

  // What is not an act.
  ["python", "print('os.remove(x)')  # os.remove('y')", []],
  ["python", "'''\nos.remove('x')\n'''", []],
  ["python", "xs.remove(2); d.pop('a'); s.discard(1); df.drop('a')", []],
  ["javascript", "m.delete('a'); s.clear(); delete o.a; /fs.rmSync('x')/.test(y)", []],
  ["javascript", "/* fs.rmSync('x') */ `fs.rmSync('x')`", []],
  ["ruby", "h.delete(:a); 'abc'.delete('b') # File.delete('x')", []],
  ["perl", "s/unlink 'x'//; print 'unlink \"x\"'; delete $h{a};", []],
];

test.each(table)("%s: %s", (language, text, deeds) => {
  const reading = readCode(
    { text, language, words: ["first", "second"], file: undefined, origin: "line" },
    call,
    world,
    apiTable(() => []),
  );
  expect([...reading.effects.map(show), ...reading.inner.map(started)]).toEqual(deeds);
});

function started(one: Inner): string {
  const words = one.kind === "call" ? one.argv.map(showArg).join(" ") : one.text;
  return `>${words}${one.cwd === undefined ? "" : ` in ${String(one.cwd)}`}`;
}

/** Of a file that was there before only what is sure to run counts; one that the session made is read whole. */
const script = [
  "import os, shutil",
  "shutil.rmtree('top')",
  "def later():",
  "    os.remove('inner')",
  "if os.path.exists('x'): os.remove('x')",
  "def one(): os.remove('one')",
  "os.remove(find())",
  "os.system('rm -r y')",
].join("\n");

test.each([
  ["file", ["delete file /w/top, unknown"]],
  [
    "made",
    [
      "delete file /w/top, unknown",
      "delete file /w/inner, unknown",
      "delete file /w/x, unknown",
      "delete file /w/one, unknown",
      // As a script's line that may never run: what a shim will see of it is left to that.
      ">rm -r y",
    ],
  ],
] as const)("a script's file: %s", (origin, deeds) => {
  const code = { text: script, language: "python", words: [], file: "x.py", origin } as const;
  const reading = readCode(
    code,
    call,
    world,
    apiTable(() => []),
  );
  expect([...reading.effects.map(show), ...reading.inner.map(started)]).toEqual(deeds);
});

const long = [
  "f(".repeat(60_000),
  "'".repeat(200_000),
  "${".repeat(60_000),
  "x = [".repeat(40_000),
  "a.b().".repeat(30_000),
];

/** What is looked through again for each of its pieces does not end within the test's time limit. */
test.each(
  long.flatMap((text) =>
    (["python", "javascript", "perl", "ruby"] as const).map(
      (language) => [text.slice(0, 12), language, text] as const,
    ),
  ),
)("a long text of %s in %s is looked through once", (_, language, text) => {
  const code = { text: `os.remove(${text}`, language, words: [], file: undefined, origin: "line" } as const;
  const { effects } = readCode(
    code,
    call,
    world,
    apiTable(() => []),
  );
  expect(effects.length).toBeLessThan(2);
});
