/** Where a tool keeps what can be fetched or built again. */
export interface Cache {
  /** Below the home. */
  readonly path: string;
  /** The variable that moves it, and where below the variable's folder it lies. */
  readonly variable?: string;
  readonly below?: string;
  /** The tool's own folder must be there, or the tool is not used: then an empty cache is made in it. */
  readonly within?: string;
}

/** What builds write to outside of the workspace: their tools' manuals. */
export const caches: readonly Cache[] = [
  { path: ".cache", variable: "XDG_CACHE_HOME" },
  { path: ".npm", variable: "npm_config_cache" },
  { path: ".yarn/berry", variable: "YARN_GLOBAL_FOLDER", within: ".yarn" },
  { path: ".local/share/pnpm/store", variable: "npm_config_store_dir", within: ".local/share/pnpm" },
  { path: ".pnpm-store" },
  { path: ".bun/install/cache", variable: "BUN_INSTALL_CACHE_DIR", within: ".bun" },
  { path: ".node-gyp" },
  { path: ".cache/deno", variable: "DENO_DIR" },
  { path: ".cargo/registry", variable: "CARGO_HOME", below: "registry", within: ".cargo" },
  { path: ".cargo/git", variable: "CARGO_HOME", below: "git", within: ".cargo" },
  { path: ".gradle", variable: "GRADLE_USER_HOME" },
  { path: ".m2/repository", within: ".m2" },
  { path: ".ivy2" },
  { path: ".sbt" },
  { path: "go/pkg", variable: "GOPATH", below: "pkg", within: "go" },
  { path: "go/pkg/mod", variable: "GOMODCACHE" },
  { path: ".nuget/packages", variable: "NUGET_PACKAGES", within: ".nuget" },
  { path: ".local/share/NuGet", within: ".local/share/NuGet" },
  { path: ".composer/cache", variable: "COMPOSER_CACHE_DIR", within: ".composer" },
  { path: ".bundle/cache", variable: "BUNDLE_USER_CACHE", within: ".bundle" },
  { path: ".cpan" },
  { path: ".cpanm" },
  { path: ".cabal/packages", within: ".cabal" },
  { path: ".stack" },
  { path: ".hex", variable: "HEX_HOME" },
  { path: ".pub-cache", variable: "PUB_CACHE" },
  { path: ".terraform.d/plugin-cache", variable: "TF_PLUGIN_CACHE_DIR", within: ".terraform.d" },
  { path: ".ccache" },
  { path: ".cache/ccache", variable: "CCACHE_DIR" },
  { path: ".conan2", variable: "CONAN_HOME" },
  { path: ".android/cache", within: ".android" },
  { path: "Library/Caches", within: "Library" },
];
