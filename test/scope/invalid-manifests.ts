/** Who can tell: whoever reads YAML, an editor with the JSON Schema, or only holdpoint. */
export type Teller = "yaml" | "schema" | "code";

/** What is wrong, the text, `line:column: message`. */
export type Invalid = readonly [kind: string, teller: Teller, text: string, problem: string];

/** One environment `a` with these keys, from column 20 on. */
const one = (keys: string) => `version: 1\nenvironments: {a: {${keys}}}\n`;
const labels = (keys: string) => one(`allow: [], ${keys}`);
const never = (glob: string) => `version: 1\nfiles: {never: [${glob}]}\n`;
const credential = (keys: string) => `version: 1\ncredentials: [{${keys}}]\n`;
const backup = (keys: string) => `version: 1\nbackups: [{${keys}}]\n`;
const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${"*a,".repeat(9)}]\nc: &c [${"*b,".repeat(9)}]\nd: [${"*c,".repeat(9)}]\n`;
const all = "version, purpose, environments, files, credentials, backups";

const text: readonly Invalid[] = [
  ["an empty file", "yaml", "", "1:1: is empty: write version: 1"],
  ["a NUL byte", "yaml", "version: 1\npurpose: a\0b\n", "2:11: holds a control character (U+0000)"],
  [
    "an escape sequence",
    "yaml",
    "version: 1\r\npurpose: \x1b[2J\r\n",
    "2:10: holds a control character (U+001B)",
  ],
  ["no UTF-8", "yaml", "version: 1\npurpose: caf\ufffd\n", "2:13: is not UTF-8"],
  [
    "too large",
    "yaml",
    `version: 1\n${"#\n".repeat(200_000)}`,
    "1:1: is longer than a manifest may be (256 KB)",
  ],
  ["no YAML", "yaml", "version: 1\npurpose: 'a\n", "3:1: missing closing 'quote"],
  [
    "a list that is not closed",
    "yaml",
    "version: 1\nfiles: [\n",
    "3:1: flow sequence in block collection must be sufficiently indented and end with a ]",
  ],
  ["tabs", "yaml", "version: 1\nfiles:\n\tnever: [a]\n", "3:1: tabs are not allowed as indentation"],
  [
    "a key twice",
    "yaml",
    "version: 1\nfiles:\n  never: [a]\n  read: [b]\n  never: [c]\n",
    "5:3: this key stands twice",
  ],
  ["a bomb of aliases", "yaml", bomb, "2:8: unfolds into too much: at most 20 aliases"],
  [
    "an alias of nothing",
    "yaml",
    "version: 1\npurpose: *why\n",
    '2:10: no anchor "&why" stands before this alias',
  ],
  [
    "two documents",
    "yaml",
    "version: 1\n---\nversion: 1\n",
    "2:1: begins a second document; there may be one",
  ],
  ["a tag that nobody knows", "yaml", "version: 1\npurpose: !env HOME\n", "2:10: unresolved tag: !env"],
  ["another YAML", "yaml", "%YAML 1.1\n---\nversion: 1\n", "1:1: must be YAML 1.2; leave out the line %YAML"],
  ["a list for a key", "yaml", "version: 1\n? [a]\n: b\n", "2:3: a key must be a word"],
  [
    "a tag for other than text",
    "yaml",
    "version: 1\npurpose: !!binary aGk=\n",
    "2:19: must be without the tag !!binary",
  ],
  ["a set", "yaml", "version: 1\nfiles: !!set {never}\n", "2:14: must be without the tag !!set"],
  ["no key, for a blank is missing", "schema", "version:1\n", `1:1: must be keys with values: ${all}`],
  [
    "a glob that YAML takes for an alias",
    "yaml",
    "version: 1\nfiles: {never: [*.pem]}\n",
    '2:17: no anchor "&.pem" stands before this alias',
  ],
  ["a key without a name", "yaml", 'version: 1\nenvironments: {"": {allow: []}}\n', "2:16: a key is empty"],
  [
    "a key that objects are born with",
    "yaml",
    `version: 1\nenvironments: {constructor: {allow: []}}\n`,
    '2:16: "constructor" cannot be a key',
  ],
];

const shape: readonly Invalid[] = [
  ["only comments", "schema", "# nothing yet\n", `1:1: must be keys with values: ${all}`],
  ["a word", "schema", "hello\n", `1:1: must be keys with values: ${all}`],
  ["a list", "schema", "- version: 1\n", "1:1: must be keys with values, not a list"],
  ["no version", "schema", "# why\npurpose: x\n", '2:1: "version": is missing: write version: 1'],
  ["a version in quotes", "schema", 'version: "1"\n', '1:10: "version": must be 1, without quotes'],
  [
    "a newer version",
    "schema",
    "version: 2\n",
    '1:10: "version": is newer than this holdpoint, which reads version 1',
  ],
  [
    "a misspelt version is not missing, too",
    "schema",
    "vershion: 1\n",
    '1:1: "vershion": is not known; did you mean "version"?',
  ],
  [
    "an unknown key",
    "schema",
    "version: 1\nenviroments:\n  a: {}\n",
    '2:1: "enviroments": is not known; did you mean "environments"?',
  ],
  [
    "an unknown key, like no other",
    "schema",
    "version: 1\nzzzz: 1\n",
    `2:1: "zzzz": is not known; known: ${all}`,
  ],
  [
    "an unknown key that moves the cursor",
    "schema",
    'version: 1\n"z\\e[2J": 1\n',
    `2:1: "z<U+001B>[2J": is not known; known: ${all}`,
  ],
  [
    "an unknown key of an environment",
    "schema",
    labels("postgress: [x]"),
    '2:31: "environments.a.postgress": is not known; did you mean "postgres"?',
  ],
  [
    "another",
    "schema",
    labels("hosts: [x], nevr: []"),
    '2:43: "environments.a.nevr": is not known; did you mean "never"?',
  ],
  [
    "an unknown key of aws",
    "schema",
    labels('aws: {account: ["123456789012"]}'),
    '2:37: "environments.a.aws.account": is not known; did you mean "accounts"?',
  ],
  [
    "an unknown key of kubernetes",
    "schema",
    labels("kubernetes: {context: [x]}"),
    '2:44: "environments.a.kubernetes.context": is not known; did you mean "contexts"?',
  ],
  [
    "an unknown key of git",
    "schema",
    labels("git: {branch: [x]}"),
    '2:37: "environments.a.git.branch": is not known; did you mean "branches"?',
  ],
  [
    "an unknown key of files",
    "schema",
    "version: 1\nfiles:\n  reed: [x]\n",
    '3:3: "files.reed": is not known; did you mean "read"?',
  ],
  [
    "an unknown key of a credential",
    "schema",
    credential("name: t, from: env:T, alow: []"),
    '2:38: "credentials.0.alow": is not known; did you mean "allow"?',
  ],
  [
    "an unknown key of a backup",
    "schema",
    backup("for: {tool: x}, evidence: x, max-age: 1h"),
    '2:41: "backups.0.max-age": is not known; did you mean "max_age"?',
  ],
  [
    "environments without any",
    "schema",
    "version: 1\nenvironments: {}\n",
    '2:15: "environments": is empty, and would hold nothing: name an environment, or leave the key out',
  ],
  [
    "environments without a value",
    "schema",
    "version: 1\nenvironments:\n",
    '2:14: "environments": must be environments by their names, like {staging: {allow: [read], hosts: […]}}',
  ],
  [
    "a list of environments",
    "schema",
    "version: 1\nenvironments: [staging]\n",
    '2:15: "environments": must be keys with values, not a list',
  ],
  [
    "files without any",
    "schema",
    "version: 1\nfiles: {}\n",
    '2:8: "files": is empty: name what may be read, written or never touched, or leave the key out',
  ],
  [
    "aws without any",
    "schema",
    labels("aws: {}"),
    '2:36: "environments.a.aws": is empty: name profiles or accounts',
  ],
  [
    "a word for a list",
    "schema",
    "version: 1\nfiles: {read: src}\n",
    '2:15: "files.read": must be a list, like [a, b]',
  ],
  [
    "an alias within itself",
    "schema",
    "version: 1\nfiles: &f {never: *f}\n",
    '2:19: "files.never": must be a list, like [a, b]',
  ],
  ["a list in a list", "schema", labels("ids: [[x]]"), '2:37: "environments.a.ids.0": must be text'],
  ["nothing in a list", "schema", labels("ids: [~]"), '2:37: "environments.a.ids.0": is empty'],
  [
    "credentials that are no list",
    "schema",
    "version: 1\ncredentials: {name: t}\n",
    '2:14: "credentials": must be a list, like [{name: …, from: …, allow: […]}]',
  ],
  ["an empty purpose", "schema", 'version: 1\npurpose: ""\n', '2:10: "purpose": is empty'],
  [
    "a purpose of two lines",
    "code",
    "version: 1\npurpose: |\n  two\n  lines\n",
    '2:10: "purpose": must be one line',
  ],
  [
    "a long purpose",
    "schema",
    `version: 1\npurpose: ${"x".repeat(201)}\n`,
    '2:10: "purpose": is longer than 200 characters',
  ],
  [
    "a purpose with a control character",
    "code",
    'version: 1\npurpose: "a\\eb"\n',
    '2:10: "purpose": holds a character that nobody sees (U+001B)',
  ],
  [
    "a glob with a zero-width space",
    "code",
    never("~/.aws\u200b"),
    '2:17: "files.never.0": holds a character that nobody sees (U+200B)',
  ],
  ["a glob with blanks around it", "code", never('" a"'), '2:17: "files.never.0": has blanks around it'],
];

const environments: readonly Invalid[] = [
  [
    "a name with a blank",
    "schema",
    'version: 1\nenvironments: {"a b": {allow: [], ids: [x]}}\n',
    '2:16: "environments.a b": must be a name of letters, digits, dots and dashes',
  ],
  [
    "a name that means none",
    "schema",
    "version: 1\nenvironments: {unknown: {allow: [], ids: [x]}}\n",
    '2:16: "environments.unknown": cannot be the name of an environment',
  ],
  [
    "nothing said to be allowed",
    "schema",
    one("hosts: [x]"),
    '2:19: "environments.a.allow": is missing: say what may be done there, [] for nothing',
  ],
  [
    "an unknown action",
    "schema",
    one("allow: [write], hosts: [x]"),
    '2:28: "environments.a.allow.0": "write" is no action; did you mean "modify"?',
  ],
  [
    "a misspelt action",
    "schema",
    one("allow: [reed], hosts: [x]"),
    '2:28: "environments.a.allow.0": "reed" is no action; did you mean "read"?',
  ],
  [
    "a number for an action",
    "schema",
    one("allow: [7], hosts: [x]"),
    '2:28: "environments.a.allow.0": must be an action: read, create, modify, delete, execute, grant, send',
  ],
  [
    "one action for a list",
    "schema",
    one("allow: read, hosts: [x]"),
    '2:27: "environments.a.allow": must be a list, like [a, b]',
  ],
  [
    "an action allowed and never",
    "code",
    one("allow: [read, delete], never: [delete], hosts: [x]"),
    '2:51: "environments.a.never.0": "delete" stands under allow as well',
  ],
  [
    "an action twice",
    "code",
    one("allow: [read, read], hosts: [x]"),
    '2:34: "environments.a.allow.1": "read" stands twice',
  ],
  [
    "nothing that belongs to it",
    "code",
    one("allow: [read]"),
    '2:16: "environments.a": nothing belongs to it: name its hosts, railway, aws, kubernetes, databases, git, ssh, files or ids',
  ],
  [
    "a host of two environments",
    "code",
    "version: 1\nenvironments:\n  a: {allow: [], hosts: [x.example]}\n  b: {allow: [read], hosts: [y.example, X.example]}\n",
    '4:41: "environments.b.hosts.1": "X.example" belongs to "a" already',
  ],
  [
    "a machine of two environments",
    "code",
    "version: 1\nenvironments:\n  a: {allow: [], ssh: [Prod-1]}\n  b: {allow: [read], ssh: [prod-1]}\n",
    '4:28: "environments.b.ssh.0": "prod-1" belongs to "a" already',
  ],
  [
    "a merge key",
    "schema",
    "version: 1\nenvironments:\n  a: &a {allow: [], ids: [x]}\n  b:\n    <<: *a\n    ids: [y]\n",
    '5:5: "environments.b.<<": is not known; known: allow, never, hosts, railway, aws, kubernetes, databases, postgres, mysql, redis, mongodb, git, ssh, files, ids',
  ],
  [
    "ports from one to another",
    "schema",
    labels('hosts: ["x.example:8000-9000"]'),
    '2:39: "environments.a.hosts.0": must be a host, like api.example.com, *.example.com, 10.1.* or db.example.com:5432',
  ],
  [
    "a network",
    "schema",
    labels('hosts: ["10.0.0.0/8"]'),
    '2:39: "environments.a.hosts.0": must be a host without a path',
  ],
  [
    "a branch that YAML takes for a truth",
    "schema",
    labels("git: {branches: [true]}"),
    '2:48: "environments.a.git.branches.0": must be text, and YAML reads true as a boolean: write "true", in quotes',
  ],
  [
    "files of two environments",
    "code",
    "version: 1\nenvironments:\n  a: {allow: [], files: [a/**]}\n  b: {allow: [read], files: [a/**]}\n",
    '4:30: "environments.b.files.0": "a/**" belongs to "a" already',
  ],
  [
    "a host with a scheme",
    "schema",
    labels('hosts: ["https://x.example"]'),
    '2:39: "environments.a.hosts.0": must be a name without a scheme, like db.example.com',
  ],
  [
    "a host with a path",
    "schema",
    labels("hosts: [x.example/v1]"),
    '2:39: "environments.a.hosts.0": must be a host without a path',
  ],
  [
    "a host with a user",
    "schema",
    labels("hosts: [me@x.example]"),
    '2:39: "environments.a.hosts.0": must be without a user and a password',
  ],
  [
    "a port out of range",
    "schema",
    labels('hosts: ["x.example:70000"]'),
    '2:39: "environments.a.hosts.0": must have a port from 1 to 65535',
  ],
  [
    "a port of nothing",
    "schema",
    labels('hosts: ["x.example:0"]'),
    '2:39: "environments.a.hosts.0": must have a port from 1 to 65535',
  ],
  [
    "no host",
    "schema",
    labels('hosts: ["[a-z].example"]'),
    '2:39: "environments.a.hosts.0": must be a host, like api.example.com, *.example.com, 10.1.* or db.example.com:5432',
  ],
  [
    "an account of eleven digits",
    "schema",
    labels('aws: {accounts: ["12345678901"]}'),
    '2:48: "environments.a.aws.accounts.0": must be twelve digits, in quotes',
  ],
  [
    "an account without quotes",
    "schema",
    labels("aws: {accounts: [123456789012]}"),
    '2:48: "environments.a.aws.accounts.0": must be text, and YAML reads 123456789012 as a number: write "123456789012", in quotes',
  ],
  [
    "an account whose zero YAML drops",
    "schema",
    labels("aws: {accounts: [012345678901]}"),
    '2:48: "environments.a.aws.accounts.0": must be text, and YAML reads 012345678901 as a number: write "012345678901", in quotes',
  ],
  [
    "a branch that YAML takes for a number",
    "schema",
    labels("git: {branches: [1.0]}"),
    '2:48: "environments.a.git.branches.0": must be text, and YAML reads 1.0 as a number: write "1.0", in quotes',
  ],
  [
    "a branch by its ref",
    "schema",
    labels("git: {branches: [refs/heads/main]}"),
    '2:48: "environments.a.git.branches.0": must be a branch without refs/heads/',
  ],
  [
    "a remote with a password",
    "schema",
    labels('git: {remotes: ["https://u:s3cret@git.example/x"]}'),
    '2:47: "environments.a.git.remotes.0": must be without a password',
  ],
  [
    "a context with a star",
    "schema",
    labels('kubernetes: {contexts: ["prod-*"]}'),
    '2:55: "environments.a.kubernetes.contexts.0": is compared as it is written: "*" would never fit',
  ],
  [
    "a database's URL",
    "schema",
    labels('databases: ["postgres://u:s3cret@h/app"]'),
    '2:43: "environments.a.databases.0": must be a name without a scheme, like db.example.com/app',
  ],
  [
    "a database's port",
    "schema",
    labels('redis: ["h:99999/0"]'),
    '2:39: "environments.a.redis.0": must have a port from 1 to 65535',
  ],
  [
    "no database",
    "schema",
    labels('mysql: ["h/app/table"]'),
    '2:39: "environments.a.mysql.0": must be a server and a database, like db.example.com:5432/app, or one of them: db.example.com, /app',
  ],
  [
    "a user of ssh",
    "schema",
    labels('ssh: ["root@h"]'),
    '2:37: "environments.a.ssh.0": must be a host without its user',
  ],
  [
    "a port of ssh",
    "schema",
    labels('ssh: ["h:22"]'),
    '2:37: "environments.a.ssh.0": must be a host as ssh is given it: no scheme, no port',
  ],
  [
    "files that climb out",
    "code",
    labels('files: ["../x"]'),
    '2:39: "environments.a.files.0": cannot climb out of this folder by "..": write it from "/" or "~/", or put the manifest above',
  ],
];

const globs: readonly Invalid[] = [
  [
    "never touched, and written",
    "code",
    "version: 1\nfiles: {never: [infra/**], write: [src/**, ./infra/]}\n",
    '2:44: "files.write.1": "./infra/" stands under never as well',
  ],
  [
    "never touched, and read",
    "code",
    "version: 1\nfiles: {never: [a/b], read: [a/b]}\n",
    '2:30: "files.read.0": "a/b" stands under never as well',
  ],
  ["an empty glob", "schema", never('""'), '2:17: "files.never.0": is empty'],
  [
    "what may be written climbs out",
    "code",
    "version: 1\nfiles:\n  write:\n    - src/**\n    - ../other/**\n",
    '5:7: "files.write.1": cannot climb out of this folder by "..": write it from "/" or "~/", or put the manifest above',
  ],
  [
    "a choice that climbs out",
    "code",
    'version: 1\nfiles: {write: ["{src,..}/**"]}\n',
    '2:17: "files.write.0": cannot climb out of this folder by "..": write it from "/" or "~/", or put the manifest above',
  ],
  [
    '".." in the middle',
    "schema",
    never("a/../b"),
    '2:17: "files.never.0": may have ".." at its beginning alone: ../other',
  ],
  [
    '".." that a choice brings',
    "code",
    never('"a/{..,b}/c"'),
    '2:17: "files.never.0": means "a/../c", too, which may have ".." at its beginning alone: ../other',
  ],
  [
    "another's home",
    "schema",
    never("~root/.ssh"),
    '2:17: "files.never.0": must begin with "~/" for this user\'s home; other homes are written from "/"',
  ],
  [
    "a negated glob",
    "schema",
    never('"!a"'),
    '2:17: "files.never.0": cannot begin with "!": name what is meant, and what is not under "never"',
  ],
  [
    "a backslash",
    "schema",
    never("a\\b"),
    '2:17: "files.never.0": must be without "\\": folders are parted by "/", and "?" fits any sign of a name',
  ],
  [
    "a set of signs",
    "schema",
    never('"app/[id]"'),
    '2:17: "files.never.0": must be without "[" and "]", a name or a set of signs: write "?" in their place, or {a,b}',
  ],
  [
    "another kind of choice",
    "schema",
    never('"+(a|b)"'),
    '2:17: "files.never.0": must be without "(…|…)" as a choice: write {a,b}',
  ],
  [
    "a variable",
    "schema",
    never("$HOME/.aws"),
    '2:17: "files.never.0": must be without variables: write "~/" for the home',
  ],
  [
    "two stars within a name",
    "schema",
    never('"a**"'),
    '2:17: "files.never.0": must have "**" alone between slashes: a/**/b, or "*" within a name',
  ],
  [
    "a choice in a choice",
    "schema",
    never('"{a,{b,c}}"'),
    '2:17: "files.never.0": must have braces as a choice of at least two, not within each other: {a,b}',
  ],
  ["a choice of nothing", "code", never('"{,a}"'), '2:17: "files.never.0": has an empty choice'],
  [
    "too many choices",
    "code",
    never(`"${"{a,b}".repeat(7)}"`),
    '2:17: "files.never.0": unfolds into more than 100 globs',
  ],
  ["a URL", "schema", never("file:///etc"), '2:17: "files.never.0": must be a path, not a URL'],
];

const others: readonly Invalid[] = [
  [
    "a source that is none",
    "schema",
    credential('name: t, from: "envv:T", allow: []'),
    '2:31: "credentials.0.from": "envv:" is no source; did you mean "env"?',
  ],
  [
    "the secret itself",
    "schema",
    credential("name: t, from: ghp_0123456789, allow: []"),
    '2:31: "credentials.0.from": must say where it stands, never its value: env:NAME, file:PATH, file:PATH#KEY or profile:NAME',
  ],
  [
    "a variable that is none",
    "schema",
    credential('name: t, from: "env:1T", allow: []'),
    '2:31: "credentials.0.from": must be env:NAME, file:PATH, file:PATH#KEY or profile:NAME',
  ],
  [
    "a credential without a source",
    "schema",
    credential("name: t, allow: []"),
    '2:15: "credentials.0.from": is missing',
  ],
  [
    "a credential for an environment that is not declared",
    "code",
    `${labels("ids: [x]").replace("{a:", "{staging:")}credentials:\n  - {name: t, from: env:T, allow: [staging, stagin]}\n`,
    '4:45: "credentials.0.allow.1": "stagin" is no environment of this file; did you mean "staging"?',
  ],
  [
    "one without any declared",
    "code",
    credential("name: t, from: env:T, allow: [a]"),
    '2:46: "credentials.0.allow.0": "a" is no environment of this file',
  ],
  [
    "two credentials of one name",
    "code",
    "version: 1\ncredentials:\n  - {name: t, from: env:T, allow: []}\n  - {name: t, from: env:U, allow: []}\n",
    '4:12: "credentials.1.name": "t" stands twice',
  ],
  [
    "two credentials of one source",
    "code",
    "version: 1\ncredentials:\n  - {name: t, from: env:T, allow: []}\n  - {name: u, from: env:T, allow: []}\n",
    '4:21: "credentials.1.from": "env:T" stands twice',
  ],
  [
    "a backup for everything",
    "schema",
    backup("for: {}, evidence: x, max_age: 1h"),
    '2:17: "backups.0.for": is empty, which would fit everything: name a field of an effect',
  ],
  [
    "a backup for an unknown field",
    "schema",
    backup("for: {provder: x}, evidence: x, max_age: 1h"),
    '2:18: "backups.0.for.provder": is no field of an effect; did you mean "provider"?',
  ],
  [
    "a backup for an unknown word",
    "schema",
    backup("for: {action: [delete, remove]}, evidence: x, max_age: 1h"),
    '2:26: "backups.0.for.action": "remove" is no value of it; did you mean "delete"?',
  ],
  [
    "a backup for no word",
    "schema",
    backup("for: {provider: []}, evidence: x, max_age: 1h"),
    '2:28: "backups.0.for.provider": is empty: name at least one word',
  ],
  [
    "a backup for what is not",
    "schema",
    backup("for: {provider: {not: x}}, evidence: x, max_age: 1h"),
    '2:28: "backups.0.for.provider": must be a word, or a list of words',
  ],
  [
    "no evidence",
    "schema",
    backup('for: {provider: x}, evidence: "", max_age: 1h'),
    '2:42: "backups.0.evidence": is empty',
  ],
  [
    "evidence of two lines",
    "code",
    backup('for: {provider: x}, evidence: "a\\nb", max_age: 1h'),
    '2:42: "backups.0.evidence": must be one line',
  ],
  [
    "a duration without a unit",
    "schema",
    backup("for: {provider: x}, evidence: x, max_age: 24"),
    '2:54: "backups.0.max_age": must be a number and a unit: 24h, 7d',
  ],
  [
    "a duration in words",
    "schema",
    backup("for: {provider: x}, evidence: x, max_age: a day"),
    '2:54: "backups.0.max_age": must be a number and a unit: 24h, 7d',
  ],
  [
    "a duration of nothing",
    "code",
    backup("for: {provider: x}, evidence: x, max_age: 0h"),
    '2:54: "backups.0.max_age": must be longer than nothing',
  ],
];

export const invalidManifests: readonly Invalid[] = [...text, ...shape, ...environments, ...globs, ...others];
