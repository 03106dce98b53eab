import { byTurns, median, ratioOf, round } from "../context.js";

/** A whole session around `true`, beside Node doing nothing. */
export function start(bench) {
  const times = byTurns(
    bench.short ? 5 : 15,
    () => bench.run(process.execPath, ["-e", "0"]),
    () => bench.held(["true"]),
  );
  return [
    { name: "node -e 0", value: round(median(times.bare), 1), unit: "ms" },
    { name: "holdpoint -- true", value: round(median(times.guarded), 1), unit: "ms" },
    {
      name: "holdpoint -- true in starts of Node",
      value: ratioOf(times),
      unit: "times",
      aim: { atMost: 2.5 },
      fails: { atMost: 15 },
    },
  ];
}
