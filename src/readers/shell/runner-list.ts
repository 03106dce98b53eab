import { declareOptions, type OptionTable } from "../options.js";

/** A program that starts another one of a project. */
export interface Runner {
  readonly names: readonly string[];
  /** Of itself and of its verbs: both stop at the first operand. */
  readonly options: OptionTable;
  readonly verbs: readonly Verb[];
  /** Its own subcommands, where any other word is a program: `yarn X`. Undefined: only verbs start one. */
  readonly own: ReadonlySet<string> | undefined;
  /** It puts folders in front of PATH for what it starts. */
  readonly fronts: boolean;
  /** It gives its words to a shell. */
  readonly shell: boolean;
}

interface Verb {
  readonly word: string;
  /** Operands in front of the program. */
  readonly skip: number;
  /** The program stands behind `--`, if there is one, whatever stands in front. */
  readonly marked: boolean;
  /** The verb is the program's own name: `cargo sqlx`, `symfony console`. */
  readonly itself: boolean;
}

const fronts = true;

export const runnerList: readonly Runner[] = [
  runner("npx", {
    options:
      "-y --yes, -p --package:, -c --call:, -w --workspace:, --workspaces, -q --quiet, --prefer-offline, --no, " +
      "-n --no-install, --ignore-existing, --registry:, --cache:, --shell:, --prefix:, --node-options:",
  }),
  runner("bunx pnpx", {
    fronts,
    options:
      "--bun, -y --yes, -p --package:, -q --quiet, -s --silent, --no-install, -c --shell-mode, --allow-build:",
  }),
  // `npm test` and `npm run` hand their scripts to a shell on PATH, which is held there.
  runner("npm", {
    verbs: ["exec", "x"],
    options:
      "-y --yes, -p --package:, -c --call:, -w --workspace:, --workspaces, -C --prefix:, -s --silent, --loglevel:, " +
      "--if-present, --no, --registry:, --userconfig:, --include-workspace-root",
  }),
  runner("yarn yarnpkg", {
    fronts,
    verbs: ["run", "exec", "dlx", "workspace 1"],
    own:
      "add audit autoclean bin cache check config constraints create dedupe explain generate-lock-entry global help import info " +
      "init install licenses link list login logout npm outdated owner pack patch patch-commit plugin policies prune publish rebuild " +
      "remove search self-update set stage stages tag team unlink unplug up upgrade upgrade-interactive version versions why " +
      "workspaces",
    options:
      "--cwd:, -s --silent, -p --package:, -q --quiet, -T --top-level, -B --binaries-only, --inspect::, --inspect-brk::, " +
      "--mutex:, --use-yarnrc:, --prod, --production::, --offline, --verbose, --frozen-lockfile",
  }),
  runner("pnpm", {
    fronts,
    verbs: ["exec", "dlx", "run", "run-script"],
    own:
      "add approve-builds audit bin c cache cat-file cat-index config create dedupe deploy doctor env fetch find-hash help i " +
      "ignored-builds import init install install-test it la licenses link list ll ln login logout ls outdated pack patch " +
      "patch-commit patch-remove prune publish rb rebuild remove rm root self-update server setup store un uninstall unlink up update " +
      "upgrade why",
    options:
      "-C --dir:, -F --filter:, --filter-prod:, -r --recursive, -w --workspace-root, -s --silent, --reporter:, --loglevel:, " +
      "--parallel, --no-bail, --if-present, -c --shell-mode, --package:, --allow-build:, --workspace-concurrency:, " +
      "--resume-from:, --report-summary, --stream, --aggregate-output, --color, --no-color, --sequential, --reverse",
  }),
  runner("corepack", { own: "cache disable enable hydrate install pack prepare up use", options: "" }),
  runner("bundle bundler", {
    fronts,
    verbs: ["exec", "ex", "e"],
    options: "--gemfile:, --keep-file-descriptors, --no-color, -V --verbose, -r --retry:",
  }),
  runner("poetry pipenv pdm rye", {
    fronts,
    verbs: ["run"],
    options:
      "-C --directory:, -p -P --project:, -q --quiet, -n --no-interaction, --no-ansi, --ansi, --no-cache, --no-plugins, " +
      "-v --verbose, --python:, --pypi-mirror:, -c --config:, -g --global, -s --site-packages, --venv:, --pyproject:, " +
      "-l --list, --recreate",
  }),
  runner("uv", { fronts, verbs: ["run", "tool 1"], options: uvOptions() }),
  runner("uvx", { fronts, options: uvOptions() }),
  runner("pipx", {
    fronts,
    verbs: ["run"],
    options:
      "--spec:, --python:, --pip-args:, -i --index-url:, --no-cache, -q --quiet, -v --verbose, --system-site-packages, " +
      "--fetch-missing-python",
  }),
  runner("hatch", {
    fronts,
    verbs: ["run"],
    options:
      "-e --env:, -p --project:, -v --verbose, -q --quiet, -i --include:, -x --exclude:, -f --filter:, --force-continue",
  }),
  runner("pixi", {
    fronts,
    verbs: ["run", "exec"],
    options:
      "-e --environment:, --manifest-path:, -s --spec:, -c --channel:, -w --with:, --frozen, --locked, --no-install, " +
      "-q --quiet, -v --verbose, -x --executable, --clean-env",
  }),
  runner("conda mamba micromamba", {
    fronts,
    verbs: ["run"],
    options:
      "-n --name:, -p --prefix:, -v --verbose, --dev, --debug-wrapper-scripts, --cwd:, --no-capture-output, --live-stream, " +
      "-r --root-prefix:, -a --attach:, -e --env:",
  }),
  runner("mise rtx", {
    fronts,
    verbs: ["exec !", "x !"],
    options:
      "-c --call --command:, -C --cd:, -E --env:, -j --jobs:, --raw, -q --quiet, -v --verbose, -y --yes",
  }),
  runner("asdf rbenv pyenv nodenv goenv jenv", { fronts, verbs: ["exec"], options: "" }),
  runner("nvm", { fronts, verbs: ["exec 1"], options: "--silent, --lts::" }),
  runner("fnm", { fronts, verbs: ["exec"], options: "--using:, --using-file, --log-level:, --fnm-dir:" }),
  runner("volta", {
    fronts,
    verbs: ["run"],
    options:
      "--node:, --npm:, --yarn:, --pnpm:, --env:, --bundled-npm, --no-npm, --no-yarn, --no-pnpm, -q --quiet, -v --verbose",
  }),
  runner("direnv", { fronts, verbs: ["exec 1"], options: "" }),
  runner("dotenv", {
    verbs: ["run"],
    own: "get list set unset",
    options:
      "-e:, -c::, -o --override, -p:, -v:, --debug, --no-expand, -f --file:, -q --quote:, -i --ignore, --overload",
  }),
  runner("dotenvx", {
    verbs: ["run !"],
    options:
      "-f --env-file:, -e --env:, -o --overload, --convention:, -q --quiet, -v --verbose, -d --debug, -l --log-level:, " +
      "--strict, --ignore:",
  }),
  runner("env-cmd", {
    options:
      "-f --file:, -e --environments:, -x --expand-envs, -r --rc-file:, --fallback, --no-override, --silent, --use-shell, " +
      "--verbose, --recursive",
  }),
  runner("cross-env", { options: "" }),
  runner("cross-env-shell", { shell: true, options: "" }),
  runner("doppler infisical", {
    verbs: ["run !"],
    options:
      "--call --command:, -p --project:, -c --config:, -t --token:, --scope:, --mount:, --mount-format:, --fallback:, " +
      "--passphrase:, --name-transformer:, --config-dir:, --only-secrets:, --preserve-env::, -e --env:, --path:, " +
      "--projectId:, --tags:, --domain:, --watch, --silent, --debug, --recursive, --no-fallback, --forward-signals",
  }),
  runner("op", {
    verbs: ["run !"],
    options: "--env-file:, --environment:, --account:, --config:, --session:, --no-masking, --cache, --debug",
  }),
  runner("chamber aws-vault", {
    verbs: ["exec 1 !"],
    options:
      "-d --duration:, --region:, -b --backend:, --prompt:, -s --server, --ec2-server, -n --no-session, --ecs-server, " +
      "-j --json, --pristine, --strict, -t --mfa-token:, --lazy",
  }),
  runner("saml2aws", {
    verbs: ["exec"],
    options: "-a --idp-account:, -p --profile:, --exec-profile:, --skip-prompt",
  }),
  runner("foreman honcho", {
    verbs: ["run"],
    options: "-e --env:, -f --procfile:, -d --root:, -p --port:",
  }),
  runner("perf", {
    verbs: ["stat", "record", "trace", "mem", "c2c", "kvm"],
    options:
      "-e --event:, -o --output:, -p --pid:, -t --tid:, -r --repeat:, -F --freq:, -c --count:, -C --cpu:, -x --field-separator:, -I:, -m:, " +
      "-D --delay:, -a --all-cpus, -g, --call-graph:, -q --quiet, -v --verbose, -d --detailed, -s --summary, -u --uid:, -A --no-aggr",
  }),
  runner("rr", {
    verbs: ["record"],
    options: "-n --no-syscall-buffer, -h --chaos, -o --output-trace-dir:, -v --env:",
  }),
  runner("zellij", {
    verbs: ["run", "r"],
    options:
      "-c --close-on-exit, -f --floating, -i --in-place, -s --start-suspended, -d --direction:, -n --name:, --cwd:",
  }),
  runner("guix", { verbs: ["shell !", "environment !"], options: "-f:, -m:, -e:, -D, -C, -N, --pure" }),
  runner("cargo", { fronts, verbs: ["sqlx ="], options: "-q --quiet, -v --verbose, --color:, --config:" }),
  runner("rw redwood blitz keystone", { fronts, verbs: ["prisma ="], options: "--cwd:" }),
  runner("symfony", { fronts, verbs: ["console =", "php =", "run"], options: "" }),
  runner("spring", { own: "binstub help server status stop", options: "" }),
  runner("sail", {
    fronts,
    own: "build bash debug down logs open ps psql mysql mariadb redis restart root-shell share shell stop test up",
    options: "",
  }),
  runner("ddev lando", {
    fronts,
    verbs: ["exec"],
    own:
      "add-on auth clean config debug delete describe destroy export-db get help hostname import-db import-files info init " +
      "list logs pause poweroff pull push rebuild restart service share snapshot ssh start stop utility version",
    options: "-s --service:, -d --dir:, --raw",
  }),
];

interface Given {
  readonly options: string;
  /** `exec`; `workspace 1`: an operand in front of the program; `run !`: it stands behind `--`; `sqlx =`: it is that. */
  readonly verbs?: readonly string[];
  readonly own?: string;
  readonly fronts?: boolean;
  readonly shell?: boolean;
}

function runner(names: string, given: Given): Runner {
  const { verbs = [], own } = given;
  const specs = [...given.options.split(", "), "-h --help", "--version"];
  return {
    names: names.split(" "),
    options: declareOptions("first", specs),
    verbs: verbs.map((verb) => {
      const [word = "", ...rest] = verb.split(" ");
      return {
        word,
        skip: rest.includes("1") ? 1 : 0,
        marked: rest.includes("!"),
        itself: rest.includes("="),
      };
    }),
    own: own === undefined && verbs.length > 0 ? undefined : new Set(own?.split(" ")),
    fronts: given.fronts ?? false,
    shell: given.shell ?? false,
  };
}

function uvOptions(): string {
  return (
    "--with:, --with-editable:, --with-requirements:, --from:, -p --python:, --env-file:, --extra:, --group:, --no-group:, " +
    "--only-group:, --package:, --project:, --directory:, --index:, -i --index-url:, --default-index:, --refresh-package:, " +
    "--cache-dir:, --color:, --config-file:, -m --module, -s --script, --all-extras, --all-groups, --all-packages, --dev, " +
    "--no-dev, --only-dev, --frozen, --locked, --no-sync, --no-project, --isolated, --active, --exact, --no-env-file, " +
    "-q --quiet, -v --verbose, -n --no-cache, --offline, --refresh, -U --upgrade, --reinstall, --managed-python, " +
    "--no-managed-python, --no-config, --no-progress, -b --build-constraint:, -c --constraint:, --overrides:"
  );
}
