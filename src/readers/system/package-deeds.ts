import { gives, help, loses, type SystemDeed, stops } from "./system-deed.js";

const publishes = {
  action: "send",
  recovery: "none",
  because: "publishes a version, which can hardly be taken back",
} as const;
const removes = {
  action: "delete",
  recovery: "recreate",
  because: "removes programs of this machine",
} as const;
const trial = /(^| )(--dry-run|--dryRun|-d|--preview|--snapshot|--help|-h|--version|-V?v)( |$|=true)/;

/** Release tools and managers of programs that are no tree of subcommands, or of which little counts. */
export const packageDeeds: readonly SystemDeed[] = [
  ...published(
    "semantic-release np release-it",
    /^/,
    /(^| )(--dry-run|-d|--preview|--help|-h|--version|--changelog|--release-version|--no-publish|--npm\.publish=false)( |$)/,
  ),
  ...published("shipjs", /^trigger\b/),
  ...published("pkg-pr-new", /^publish\b/),
  ...published("jreleaser", /^(full-release|release|deploy|publish|upload|announce)\b/),
  ...published("release-plz", /^release\b(?!-)/),
  ...published(
    "goreleaser",
    /^(-\S+ *)*$/,
    /(^| )(--skip[= ]?\S*publish|--snapshot|-h|--help|-v|--version)( |$)/,
  ),
  ...published("sbt", /(^| )["']?\+?([\w-]+\/)?(publish(Signed)?|sonatype\w*Release\w*|ci-release)\b/),
  ...published(
    "gradle gradlew",
    /(^| )(:?[\w:-]+:)?(publish(?!\w*ToMavenLocal)\w*|closeAndRelease\w*|uploadArchives|release\w*StagingRepository|jreleaser(FullRelease|Release|Deploy|Publish))( |$)/,
    /(^| )(-m|--dry-run|--help|-h)( |$)/,
  ),
  ...published(
    "mvn mvnw",
    /(^| )(site-deploy|nexus-staging:(release|deploy)|jreleaser:(full-release|release|deploy))( |$)/,
  ),
  ...published("deno", /^publish\b/),
  ...published("mix", /^hex\.publish\b/),
  {
    names: "mix",
    when: /^hex\.(retire|owner (add|remove)|organization)\b/,
    deed: gives("changes who may publish, or a version"),
    resource: "package",
  },
  ...published("cabal", /^upload .*--publish\b/),
  ...published("stack", /^upload\b/),
  ...published("opam", /^publish\b/),
  ...published("lein", /^deploy\b/),
  ...published("snapcraft", /^(release|promote)\b|^upload .*--release/),
  { names: "snapcraft", when: /^close\b/, deed: loses("takes versions off a channel"), resource: "package" },
  ...published("fastlane", /(^| )(release|deliver|supply|upload_to_\w+|pilot|deploy)( |$)/),
  ...published(
    "rake",
    /(^| )(release|gem:(push|release)|release:rubygem_push)( |$)/,
    /(^| )(-n|--dry-run|-T|--tasks|-P)( |$)/,
  ),
  ...published("cargo", /^\+\S+ publish\b/, /(^| )(-n|--dry-run|--help)( |$)/),
  ...published(
    "cargo",
    /^(\+\S+ )?(workspaces|ws) publish\b/,
    /(^| )(--dry-run|--help|--skip-published)( |$)/,
  ),
  ...published("cargo", /^(\+\S+ )?smart-release .*(--execute|-e)\b/),
  {
    names: "cargo",
    when: /^\+\S+ yank\b/,
    unless: /--undo/,
    deed: loses("takes a version out of use"),
    resource: "package",
  },
  ...published("anaconda", /^(-\S+ )*upload\b/),
  {
    names: "anaconda",
    when: /^(-\S+ )*remove\b/,
    deed: loses("takes versions off the registry"),
    resource: "package",
  },
  {
    names: "conan",
    when: /^(remove|upload) .*(-r|--remote)[ =]?\S.*(?<!\S)(-f|-c|--force|--confirm)( |$)|^remove .*(-f|-c|--force|--confirm) .*(-r|--remote)/,
    deed: loses("changes what a registry has"),
    resource: "package",
  },
  ...removed("rustup", /^(self uninstall|toolchain (uninstall|remove)|target remove)\b/),
  ...removed("pipx", /^(uninstall|uninstall-all)\b/),
  ...removed(
    "conda mamba micromamba",
    /^(env remove|(remove|uninstall) .*(--all))\b/,
    /(^| )(-d|--dry-run)( |$)/,
  ),
  ...removed("pyenv rbenv nodenv jenv goenv tfenv asdf mise rtx nvm fnm volta sdk n", /^uninstall\b/),
  ...removed("scoop", /^uninstall\b/),
  ...removed("composer", /^global (remove|rm|uninstall)\b/),
  ...removed("nix-env", /(^| )(-\w*e|--uninstall)( |$)/, /--dry-run/),
  ...removed("guix", /^(remove|package .*(-r|--remove))\b/),
  ...removed("nix", /^profile (remove|wipe-history)\b/, /--dry-run/),
  {
    names: "nix-env",
    when: /--delete-generations/,
    deed: loses("removes older states, to which nobody can go back"),
    resource: "package",
  },
  ...removed(
    "emerge",
    /(^| )(-\w*[cC]|--unmerge|--depclean|--prune)( |$)/,
    /(^| )(-p|--pretend|-a|--ask)( |$)/,
  ),
  ...removed("xbps-remove", /^./, /(^| )(-n|--dry-run|-O|--clean-cache)( |$)/),
  ...removed("pkg pkg_delete pkg_info", /^(-\S+ )*(delete|remove|autoremove)\b/, /(^| )(-n|--dry-run)( |$)/),
  ...removed("brew", /^bundle cleanup .*(--force|-f)\b/),
  ...removed("uv", /^(tool|python) uninstall\b|^pip uninstall .*--system\b/),
  ...removed("winetricks", /^annihilate\b/),
  {
    names: "npm pnpm",
    when: /^profile (disable-2fa|set)\b/,
    deed: gives("changes how the account of the registry signs in"),
    resource: "package",
  },
  {
    names: "add-apt-repository",
    when: /(^| )(-r|--remove)( |$)/,
    deed: stops("drops a source of packages"),
    resource: "package",
  },
];

function published(names: string, when: RegExp, unless: RegExp = trial): readonly SystemDeed[] {
  return [{ names, when, unless, deed: publishes, resource: "package" }];
}

function removed(names: string, when: RegExp, unless: RegExp = help): readonly SystemDeed[] {
  return [{ names, when, unless, deed: removes, resource: "package" }];
}
