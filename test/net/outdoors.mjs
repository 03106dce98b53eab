// node outdoors.mjs FOLDER NAME,NAME… COMMAND …: runs a command in a network namespace whose whole world is one address, which every
// NAME stands for: what comes to its ports 443 and 80 goes to the unix sockets FOLDER/443 and FOLDER/80. To be started by `unshare -Urnm`.
import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";

const [address, own] = ["10.9.9.9", "10.9.9.1"];
const [folder, names, ...command] = process.argv.slice(2);

function set(program, ...words) {
  const { status, stderr, error } = spawnSync(program, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${words.join(" ")}: ${error?.message ?? stderr}`);
}

const hosts = join(folder, "hosts");
writeFileSync(
  hosts,
  ["127.0.0.1 localhost", ...names.split(",").map((name) => `${address} ${name}`), ""].join("\n"),
);
set("mount", "--bind", hosts, "/etc/hosts");
set("ip", "link", "set", "lo", "up");
// Another machine's, as far as anybody can see: it is no address of an interface, and who connects has one.
set("ip", "address", "add", `${own}/32`, "dev", "lo");
set("ip", "route", "add", "local", `${address}/32`, "dev", "lo", "src", own);
for (const port of [443, 80]) {
  const server = createServer((client) => {
    const there = connect(join(folder, `${port}`));
    client.pipe(there).pipe(client);
    const end = () => {
      client.destroy();
      there.destroy();
    };
    for (const each of [client, there]) each.on("error", end);
  });
  await new Promise((done) => server.listen(port, address, done));
}
const [program, ...words] = command;
spawn(program, words, { stdio: "inherit" }).on("exit", (status) => process.exit(status ?? 1));
