import { expect, test } from "vitest";
import { readOrmCalls } from "../../../src/readers/code/orm-calls.js";
import { show } from "../effect-words.js";

/** Code → what it does to a database; a word that begins with `>` is a command that it amounts to. */
const table: readonly (readonly [code: string, deeds: readonly string[]])[] = [
  ["User.delete_all", ["delete DELETE User.delete_all, all rows, none"]],
  ["User.where(id: 3).destroy_all", ["delete DELETE User.where(id: 3).destroy_all, none"]],
  ["x = 1; User.find(3).destroy!", ["delete DELETE User.find(3).destroy!, none"]],
  ["User.update_all(plan: 1)", ["modify UPDATE User.update_all(plan: 1), all rows, none"]],
  [
    "Repo.delete_all(from u in User, where: u.id == 3)",
    ["delete DELETE Repo.delete_all(from u in User, where: u.id == 3), none"],
  ],
  ["User.objects.all().delete()", ["delete DELETE User.objects.all().delete(), all rows, none"]],
  ["User.objects.filter(id=3).delete()", ["delete DELETE User.objects.filter(id=3).delete(), none"]],
  ["prisma.user.deleteMany()", ["delete DELETE prisma.user.deleteMany(), all rows, none"]],
  [
    "prisma.user.deleteMany({ where: {} })",
    ["delete DELETE prisma.user.deleteMany({ where: {} }), all rows, none"],
  ],
  [
    "prisma.user.deleteMany({ where: { id: 3 } })",
    ["delete DELETE prisma.user.deleteMany({ where: { id: 3 } }), none"],
  ],
  ["User::truncate()", ["delete TRUNCATE User::truncate(), all rows, none"]],
  ["DB::table('users')->delete()", ["delete DELETE DB::table('users')->delete(), all rows, none"]],
  ["db.drop_all()", ["delete DROP TABLE db.drop_all(), none"]],
  ["Schema::dropIfExists('users')", ["delete DROP TABLE Schema::dropIfExists('users'), none"]],
  ["m.connection.dropDatabase()", ["delete DROP DATABASE m.connection.dropDatabase(), none"]],
  ["s.sync({ force: true })", ["delete DROP TABLE s.sync({ force: true }), none"]],
  ["Artisan::call('migrate:fresh')", [">artisan migrate:fresh"]],
  ["call_command('flush', interactive=False)", [">manage.py flush"]],
  ["Rake::Task['db:drop'].invoke", [">rake db:drop"]],

  ["c.execute('SELECT 1')", []],
  ["c.execute('update users set a = 1 where id = 3')", []],
  ["sqlite3.connect(':memory:').execute('DROP TABLE users')", []],
  ["print('drop table users')", []],
  ["h.delete(:a); m.delete('x'); d.update({})", []],
  ["'long text'.truncate(20)", []],
  ["Rails.cache.delete('k')", []],
  ["User.count; User.all.map(&:name)", []],
  ["s.sync()", []],
  ["fs.truncateSync('a')", []],
];

test.each(table)("%s", (code, deeds) => {
  const { effects, inner } = readOrmCalls("tool", code);
  const started = inner.map((one) => {
    const [name, ...rest] = one.kind === "call" ? one.argv : [];
    return `>${String(name)} ${String(rest.at(-1))}`;
  });
  expect([...effects.map(show), ...started]).toEqual(deeds);
});
