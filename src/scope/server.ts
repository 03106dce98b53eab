/** What listens somewhere, by its name. */
export interface Server {
  readonly is: "server";
  /** Lower case, no user, no port, IPv6 without brackets. */
  readonly host: string;
  /** "" where the usual one, or none, is meant. */
  readonly port: string;
  /** Reached by way of ssh. */
  readonly ssh: boolean;
  readonly database: { readonly engine: string; readonly name: string } | undefined;
}

/** Lower case; `user@` off, the port apart, also one that is not known: `db:"$(choose)"` is on no label's port. */
export function serverOf(text: string, ssh = false): Server {
  const [, host = text, port = ""] =
    /^(?:[^@]*@)?(\[[^\]]*\]|[^:]*|[^:]*(?::[^:]*){2,}?)(?::(\d+|["$`].*))?$/.exec(text) ?? [];
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
  return { is: "server", host: name, port, ssh, database: undefined };
}

export function portIn(url: string, host: string): string {
  const [, authority = ""] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url) ?? [];
  const thing = serverOf(authority);
  return thing.host === serverOf(host).host ? thing.port : "";
}

/** The first part of an image's name is its registry where it looks like a host; else it is Docker Hub's. */
export function registryOf(image: string): Server {
  const [, first] = /^([^/\s]+)\//.exec(image.split(/\s+/).at(-1) ?? "") ?? [];
  return serverOf(first !== undefined && /[.:]|^localhost$/.test(first) ? first : "docker.io");
}

/** `https://github.com/a/b`, `git@github.com:a/b`, `ssh://git@host:22/a`; none for a folder. */
export function hostOfUrl(url: string): string | undefined {
  const [, authority] = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?([^/]+)/i.exec(url) ?? [];
  return authority ?? /^(?:[^@/:]*@)?([^/:]+):/.exec(url)?.[1];
}

/** However it is reached, `github.com/acme/shop`. */
export function plainUrl(url: string): readonly string[] {
  const host = hostOfUrl(url);
  if (host === undefined) return [];
  const [, path = ""] = /^(?:[a-z][a-z0-9+.-]*:\/\/[^/]+\/|[^/]*?:\/?)(.*)$/i.exec(url) ?? [];
  return [`${host.replace(/:\d+$/, "")}/${path.replace(/\/+$|\.git\/*$/, "")}`];
}

export function isLoopback(host: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|::1|0\.0\.0\.0)$/.test(host);
}

/** `container db`, `pod web-1`, `volume data`: no host has such a name. */
export function isContainer(host: string): boolean {
  return /^(container|pod|volume) /.test(host);
}
