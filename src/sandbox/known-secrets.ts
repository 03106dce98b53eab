/** Folders of the home that hold secrets and nothing that a build needs: hidden as a whole, so that what comes later is, too. */
export const secretFolders: readonly string[] = [
  ...[".aws", ".azure", ".config/gcloud", ".config/gh", ".config/glab-cli", ".config/op", ".kube", ".oci"],
  ...[".config/doctl", ".config/hcloud", ".config/rclone", ".config/sops", ".railway", ".fly", ".pulumi"],
  ...[".gnupg", ".password-store", ".local/share/password-store", ".local/share/gopass", ".config/gopass"],
  ...[".local/share/keyrings", ".local/share/kwalletd", ".kde/share/apps/kwallet", ".config/keepassxc"],
  ...[
    ".config/1Password",
    ".config/Bitwarden",
    ".config/Bitwarden CLI",
    ".pki",
    ".config/age",
    ".step/secrets",
  ],
  ...[".mozilla", ".thunderbird", ".config/google-chrome", ".config/google-chrome-beta", ".config/chromium"],
  ...[
    ".config/BraveSoftware",
    ".config/microsoft-edge",
    ".config/vivaldi",
    ".config/opera",
    ".zen",
    ".librewolf",
  ],
  ...["snap/firefox", "snap/chromium", ".var/app/org.mozilla.firefox", ".var/app/com.google.Chrome"],
  ...[
    ".config/Signal",
    ".config/Slack",
    ".config/discord",
    ".local/share/TelegramDesktop",
    ".bitcoin",
    ".ethereum",
  ],
  ...["Library/Keychains", "Library/Cookies", "Library/Application Support/Google/Chrome"],
  ...["Library/Application Support/Firefox", "Library/Application Support/BraveSoftware", "Library/Safari"],
];

/** Single files of the home, beside those that the table of credential stores has. */
export const secretFiles: readonly string[] = [
  ...[".bash_history", ".zsh_history", ".zhistory", ".histfile", ".sh_history", ".history"],
  ...[".local/share/fish/fish_history", ".local/share/atuin/key", ".local/share/atuin/history.db"],
  ...[".python_history", ".node_repl_history", ".psql_history", ".mysql_history", ".sqlite_history"],
  ...[".rediscli_history", ".mongosh", ".irb_history", ".authinfo", ".authinfo.gpg", ".ssh/environment"],
];

/** What everybody reads, though it may hold a token: git finds its user's name there. */
export const plainStores: ReadonlySet<string> = new Set([".gitconfig"]);

/** Of `~/.ssh`: what tells where to connect. All else there may be a key, whatever it is called. */
export function isPlainSshName(name: string): boolean {
  return /^(config(\.d)?|known_hosts.*|authorized_keys2?|allowed_signers|.*\.pub)$/.test(name);
}

/** Variables that name a file or a folder of credentials (or several, by colons). */
export const secretVariables: readonly string[] = [
  ...["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "AZURE_CONFIG_DIR", "CLOUDSDK_CONFIG", "KUBECONFIG"],
  ...["GOOGLE_APPLICATION_CREDENTIALS", "GNUPGHOME", "PASSWORD_STORE_DIR", "NETRC", "DOCKER_CONFIG"],
  ...["NPM_CONFIG_USERCONFIG", "npm_config_userconfig", "PGPASSFILE", "PIP_CONFIG_FILE", "HISTFILE"],
  ...["GH_CONFIG_DIR", "VAULT_TOKEN_FILE", "SOPS_AGE_KEY_FILE", "RCLONE_CONFIG", "XAUTHORITY"],
];
