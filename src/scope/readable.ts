import { isSecretFile } from "../model/secret-file.js";
import type { World } from "../model/world.js";
import { isWithin } from "./globs.js";

/** What any program reads to work at all, and holds nobody's secrets: system folders, temporary ones, installed tools, caches. */
export function isAlwaysReadable(path: string, world: World): boolean {
  if (isSecretFile(path, world)) return false;
  if (system.test(path) || world.session.temporary.some((folder) => isWithin(path, folder))) return true;
  const { home } = world.user;
  const real = world.realpath(home);
  const own = [home, real].find((folder) => isWithin(path, folder));
  return own !== undefined && toolFolders.test(path.slice(own.length));
}

const system =
  /^\/(usr|boot|bin|sbin|lib\w*|opt|etc|proc|sys|dev|nix|snap|run|gnu|Library|System|Applications|tmp|private\/(etc|tmp|var\/(folders|tmp|db))|home\/linuxbrew|var\/(cache|lib|log|run|tmp|empty))(\/|$)/;

/** Where version managers and package managers keep what they have installed. */
const toolFolders =
  /^\/(\.(cache|nvm|fnm|volta|bun|deno|npm|npm-packages|npm-global|pnpm-store|yarn|node-gyp|cargo|rustup|pyenv|rbenv|rvm|asdf|sdkman|jenv|jabba|ghcup|cabal|stack|opam|dotnet|nuget|m2\/repository|gradle\/(caches|wrapper)|gem|bundle|conda|virtualenvs|nix-profile|mix|hex|pub-cache|swiftpm|linuxbrew|oh-my-zsh|tfenv|local\/(bin|lib|opt|state\/nix|share\/(pnpm|uv|pipx|mise|fnm|virtualenvs|nvim|man|fonts|applications|icons|bash-completion|zsh)))|go\/(pkg|bin)|(mini|ana)conda3?|mambaforge|miniforge3?|bin|Library\/(Caches|pnpm))(\/|$)/;
