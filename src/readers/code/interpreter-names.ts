/** The names that an interpreter has on a machine with several versions of it: `python3.12`, `ruby2.7`, `php8.2`. */
export const versions = {
  python: ["python", "python2", "python3", ...minors("python2.", 6, 7), ...minors("python3.", 0, 20)].concat(
    // Without the global lock.
    minors("python3.", 13, 20).map((name) => `${name}t`),
    ["micropython"],
  ),
  pypy: ["pypy", "pypy2", "pypy3", "pypy2.7", ...minors("pypy3.", 5, 14)],
  ruby: ["ruby", "jruby", "truffleruby", ...minors("ruby1.", 8, 9), ...minors("ruby2.", 0, 7)].concat(
    minors("ruby3.", 0, 6),
    ["ruby4.0"],
  ),
  perl: [
    "perl",
    ...Array.from({ length: 19 }, (_, at) => `perl5.${8 + 2 * at}`).flatMap((name) => [
      name,
      ...minors(`${name}.`, 0, 3),
    ]),
  ],
  php: ["php", "php5", "php7", "php8", ...minors("php5.", 3, 6), ...minors("php7.", 0, 4)].concat(
    minors("php8.", 0, 6),
  ),
  lua: ["lua", "luajit", "texlua", ...minors("lua5.", 0, 5)],
  node: ["node", "nodejs", ...minors("node", 10, 30), ...minors("node-", 10, 30)],
  tclsh: ["tclsh", ...minors("tclsh8.", 4, 7), ...minors("tclsh9.", 0, 2)],
} as const;

function minors(front: string, from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, at) => `${front}${from + at}`);
}
