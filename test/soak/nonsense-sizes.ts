/** Each construct of the shell's in itself, and long ones: with and without their ends. `name`: what it is, and how often. */
export function sizes(
  depths: readonly number[],
): readonly { readonly name: string; readonly text: string }[] {
  const nested = depths.flatMap((depth) =>
    nestings.flatMap(([open, close = ""]) => [
      { name: `${depth} times ${open}`, text: `${open.repeat(depth)}rm -rf notes` },
      {
        name: `${depth} times ${open} closed`,
        text: `${open.repeat(depth)}rm -rf notes${close.repeat(depth)}`,
      },
      { name: `${depth} times ${close} alone`, text: `rm -rf notes${close.repeat(depth)}` },
    ]),
  );
  return [...nested, ...long];
}

const nestings: readonly (readonly [open: string, close?: string])[] = [
  ...([
    ["echo $(", ")"],
    ["echo `", "`"],
    ["echo ${x:-", "}"],
    ['echo "${x:-$(', ')}"'],
    ["echo $((", "))"],
    ["(", ")"],
  ] as const),
  ...([
    ["{ ", ";}"],
    ["((", "))"],
    ["[[ ", " ]]"],
    ["[[ ( ", " ) ]]"],
    ["if ", "; then :; fi"],
    ["while ", "; do :; done"],
  ] as const),
  ...([
    ["for x in a; do ", "; done"],
    ["case x in x) ", ";; esac"],
    ["case ", " in x) ;; esac"],
    ["f() { ", "; }; f"],
  ] as const),
  ...([
    ["cat <(", ")"],
    ["eval '", "'"],
    ['bash -c "', '"'],
    ["<<E ", "\nE\n"],
    ["<<'E'\n", "\nE\n"],
    ["<<<", ""],
    ["! ", ""],
  ] as const),
  ...([
    ["a[", "]=1"],
    ["a=(", ")"],
    ["${", "}"],
    ["${!", "}"],
    ["{a,", "}"],
    ["@(", ")"],
    ["time ", ""],
    ["coproc ", ""],
  ] as const),
  ...([
    ["\\", "\\"],
    ["'", "'"],
    ['"', '"'],
    ["$'", "'"],
    ["x=", ""],
    ["sudo ", ""],
    ["env ", ""],
    ["xargs ", ""],
    ["nice ", ""],
  ] as const),
  ...([
    ["a | ", ""],
    ["a && ", ""],
    ["a; ", ""],
    ["a & ", ""],
    ["> x ", ""],
    ["2>&1 ", ""],
    ["#", ""],
    ["\n", ""],
    ["*", ""],
    ["?(", ")"],
  ] as const),
  ...([
    ["ssh h ", ""],
    ["python -c '", "'"],
    ["psql -c '", "'"],
    ["find . -exec ", " ;"],
    ["trap '", "' EXIT"],
    ["[", "]"],
    ["~", ""],
  ] as const),
  ...([
    ["docker exec c ", ""],
    ["git -C ", ""],
    ["make -C ", ""],
    ["--", ""],
    ["=", ""],
    ["%", ""],
    ["$", ""],
    ["$[", "]"],
    ["+(a|", ")"],
  ] as const),
];

const mega = 2_000_000;
const long: readonly { readonly name: string; readonly text: string }[] = [
  { name: "one word of 2 MB", text: `rm ${"x".repeat(mega)}` },
  { name: "a name of 2 MB", text: "x".repeat(mega) },
  { name: "a quote of 2 MB that stays open", text: `rm '${"x ".repeat(mega / 2)}` },
  { name: "words for 2 MB", text: `rm ${"x ".repeat(mega / 2)}` },
  { name: "a here-document without end", text: `cat <<E\n${"rm x\n".repeat(mega / 5)}` },
  { name: "10,000 here-documents without end", text: "cat <<E\n".repeat(10_000) },
  { name: "NUL bytes", text: "\0".repeat(mega) },
  { name: "lone surrogates", text: "\udcff".repeat(500_000) },
  {
    name: "an assignment of 1 MB, again and again",
    text: `x=${"y".repeat(900_000)}; ${"a $x; ".repeat(1000)}`,
  },
  { name: "SQL of 900 kB", text: `psql -c "${"DELETE FROM t WHERE x; ".repeat(40_000)}"` },
  { name: "SQL in brackets", text: `psql -c "SELECT ${"(".repeat(50_000)}"` },
  { name: "code of 900 kB", text: `python -c '${"os.remove(x)\n".repeat(70_000)}'` },
  { name: "code in brackets", text: `node -e '${"fs.rm([{(".repeat(50_000)}'` },
  { name: "JSON in brackets", text: `curl -X POST -d '${'{"a":['.repeat(50_000)}' https://api.example.com` },
  {
    name: "GraphQL in brackets",
    text: `curl -d '{"query":"mutation ${"{a".repeat(50_000)}"}' https://backboard.railway.app/graphql/v2`,
  },
  { name: "a URL of 900 kB", text: `curl https://example.com/${"../".repeat(300_000)}` },
  { name: "a regular expression", text: `sed -e 's/${"(a*)*".repeat(10_000)}/x/' a` },
  { name: "an awk program", text: `awk '${"{ system(".repeat(30_000)}' a` },
];
