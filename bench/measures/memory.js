import { repository } from "./repository.js";

const lot = 20_000;

/** Resident memory of the broker after each 20,000 calls of 100,000, read by its own child. */
export function memory(bench) {
  const spawn = repository(bench);
  const part = `${spawn} ${lot} rm -f none >/dev/null; grep -E "VmRSS|VmHWM" /proc/$PPID/status; ls /proc/$PPID/fd | wc -l`;
  const text = bench.held(["bash", "-c", Array(5).fill(part).join("; ")]);
  const of = (name) =>
    [...text.matchAll(new RegExp(`${name}:\\s+(\\d+)`, "g"))].map(([, kB]) => Math.round(Number(kB) / 1024));
  const resident = of("VmRSS");
  const open = [...text.matchAll(/^(\d+)$/gm)].map(([count]) => Number(count));
  return [
    {
      name: `broker's resident memory after ${lot.toLocaleString("en")} calls`,
      value: resident[0],
      unit: "MB",
    },
    { name: `after ${(5 * lot).toLocaleString("en")}`, value: resident[4], unit: "MB", aim: { atMost: 90 } },
    { name: "at its highest", value: of("VmHWM")[4], unit: "MB" },
    {
      name: "open descriptors more than after the first",
      value: open[4] - open[0],
      unit: "",
      aim: { atMost: 0 },
    },
  ];
}
