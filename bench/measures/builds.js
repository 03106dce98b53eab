import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { byTurns, median, root, round } from "../context.js";

/** A real configure (libffi's, as the package ffi carries it) and a real `npm ci` (this project's own), guarded and not. */
export function builds(bench) {
  return [...configure(bench), ...npmCi(bench)];
}

function configure(bench) {
  const folder = join(bench.work, "libffi");
  mkdirSync(folder);
  const more = fromHere();
  bench.run("npm", ["pack", "--silent", "ffi@2.3.0"], { cwd: folder, more });
  bench.run("tar", ["xzf", "ffi-2.3.0.tgz"], { cwd: folder });
  const source = join(folder, "package", "deps", "libffi", "configure");
  const build = join(folder, "build");
  return rows(bench, "configure of libffi", ["sh", source, "--quiet"], { cwd: build }, () =>
    rmSync(build, { recursive: true, force: true }),
  );
}

function npmCi(bench) {
  const folder = join(bench.work, "project");
  mkdirSync(folder);
  for (const name of ["package.json", "package-lock.json"]) cpSync(join(root, name), join(folder, name));
  const options = { cwd: folder, more: fromHere() };
  const command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  bench.run(command[0], command.slice(1), options);
  return rows(bench, "npm ci of this project", command, options, () => {});
}

function rows(bench, name, command, options, before) {
  const times = byTurns(
    bench.rounds,
    () => {
      before();
      bench.run(command[0], command.slice(1), options);
    },
    () => {
      before();
      bench.held(command, options);
    },
  );
  const added = median(times.guarded.map((one, i) => (100 * (one - times.bare[i])) / times.bare[i]));
  return [
    { name: `${name}, bare`, value: round(median(times.bare) / 1000), unit: "s" },
    {
      name: `${name}, guarded, with the session's start`,
      value: round(median(times.guarded) / 1000),
      unit: "s",
    },
    { name: "added", value: round(added, 1), unit: "%", aim: { atMost: 5 } },
  ];
}

/** npm's own settings and cache of who runs this, since the bench has a home of its own. */
function fromHere() {
  const names = ["npm_config_registry", "npm_config_cache", "npm_config_userconfig", "NODE_EXTRA_CA_CERTS"];
  const kept = Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  return { npm_config_userconfig: join(process.env.HOME ?? "", ".npmrc"), ...kept };
}
