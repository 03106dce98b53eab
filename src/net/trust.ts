import { readFileSync } from "node:fs";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";

type Environment = Readonly<Record<string, string | undefined>>;

/** Who vouches for servers here: PEM certificates of Node, of the system, and of the user's own variables. */
export function trustedRoots(env: Environment): readonly string[] {
  const named = bundleNames.flatMap((name) => env[name] ?? []);
  const files = [...systemBundles, ...named, ...npmBundles(env)];
  const found = new Set<string>(rootCertificates);
  for (const file of files) for (const certificate of certificatesIn(file)) found.add(certificate);
  return [...found];
}

/** Made once: to read two hundred certificates takes some milliseconds. */
export function trustContext(roots: readonly string[]): SecureContext {
  return createSecureContext({ ca: [...roots] });
}

/** The PEM blocks of a file, as they stand there; none where it cannot be read. */
export function certificatesIn(file: string): readonly string[] {
  try {
    return readFileSync(file, "latin1").match(pem) ?? [];
  } catch {
    return [];
  }
}

/** npm's `cafile` takes the place of all other roots as well; where a company's own lies, it usually stands in a file. */
function npmBundles(env: Environment): readonly string[] {
  const own = env["npm_config_userconfig"] ?? env["NPM_CONFIG_USERCONFIG"] ?? `${env["HOME"]}/.npmrc`;
  return [own, "/etc/npmrc", "/usr/etc/npmrc", "/usr/local/etc/npmrc"].flatMap((file) => {
    try {
      return /^[ \t]*cafile[ \t]*=[ \t]*"?(\/.*?)"?[ \t]*$/m.exec(readFileSync(file, "utf8"))?.[1] ?? [];
    } catch {
      return [];
    }
  });
}

const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Debian and Alpine, Fedora, openSUSE, FreeBSD and macOS. */
const systemBundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** Variables that name a file which takes the place of the client's own roots. */
export const bundleNames = [
  "SSL_CERT_FILE",
  "CURL_CA_BUNDLE",
  "REQUESTS_CA_BUNDLE",
  "AWS_CA_BUNDLE",
  "GIT_SSL_CAINFO",
  "PIP_CERT",
  "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE",
  "DENO_CERT",
  "NODE_EXTRA_CA_CERTS",
  "npm_config_cafile",
  "NPM_CONFIG_CAFILE",
] as const;
