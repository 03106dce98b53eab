import { type Arg, isKnown, showArg } from "../../model/arg.js";
import { percentDecoded } from "../../model/bare-secret.js";
import type { Call } from "../../model/call.js";
import type { Effect } from "../../model/effect.js";
import type { World } from "../../model/world.js";
import { credential, unforeseenCredentials, wordCredentials } from "../credentials/credential.js";
import { toolName } from "../file-effects.js";
import { declareOptions, hasOption, optionValue, optionValues, readOptions } from "../options.js";
import { nothing, type Reader } from "../reader.js";
import { readTexts } from "../sql/client-texts.js";
import type { Server } from "../sql/effects.js";
import { readMongoScript } from "./mongo-script.js";

/** mongosh and mongo: JavaScript by `--eval`, from files, or on stdin. Only plain calls are read. */
export const mongo: Reader = {
  names: ["mongosh", "mongo"],
  read(call, world) {
    const options = readOptions(call.argv.slice(1), table);
    if (hasOption(options, "help", "version", "buildInfo")) return nothing;
    const scripts = options.operands.filter((word) => isKnown(word) && /\.(js|mongodb|mjs|cjs)$/.test(word));
    const place = options.operands.find((word) => !scripts.includes(word));
    const server = findServer(
      call,
      world,
      place,
      optionValue(options, "host"),
      optionValue(options, "port"),
      undefined,
      optionValue(options, "password"),
    );
    const sources = [
      ...optionValues(options, "eval"),
      ...[...optionValues(options, "file"), ...scripts].map((file) => ({ file })),
    ];
    const goesOn = sources.length === 0 || hasOption(options, "shell");
    const input = readTexts(call, world, goesOn ? [...sources, { file: "-" }] : sources);
    let wantsStdin = input.wantsStdin;
    const read = (text: string, depth: number): readonly Effect[] => {
      const script = readMongoScript(text, server, depth < 8);
      const more = readTexts(
        call,
        world,
        script.files.map((file) => ({ file })),
      );
      wantsStdin ||= more.wantsStdin;
      return [...script.effects, ...more.effects, ...more.texts.flatMap((one) => read(one, depth + 1))];
    };
    const effects = input.texts.flatMap((text) => read(text, 0));
    return { effects: [...input.effects, ...effects], inner: [], wantsStdin };
  },
};

/** Where a MongoDB program connects to: a URI, `host/db`, or options. */
export function findServer(
  call: Call,
  world: World,
  place: Arg | undefined,
  host?: Arg,
  port?: Arg,
  database?: Arg,
  password?: Arg,
): Server {
  const text = place === undefined ? "" : showArg(place);
  const uri = /^mongodb(?:\+srv)?:\/\/(?:([^@/]*)@)?([^/?]*)(?:\/([^?]*))?/.exec(text);
  const plain = /^(?:([^/]+)\/)?([^/]*)$/.exec(text);
  const isUnknown = place !== undefined && !isKnown(place);
  const named =
    host !== undefined
      ? showArg(host)
      : (uri?.[2] ?? (isUnknown ? text : undefined) ?? plain?.[1] ?? "localhost");
  const at = port !== undefined && showArg(port) !== "27017" ? `:${showArg(port)}` : "";
  const login = uri?.[1];
  return {
    tool: toolName(call),
    engine: "mongodb",
    host: named.replaceAll(":27017", "") + at,
    database:
      (database === undefined ? undefined : showArg(database)) ??
      ((uri === null ? plain?.[2] : uri[3]) || "test"),
    credentials: isUnknown
      ? unforeseenCredentials("url", place, "?")
      : passwordIn(login) !== undefined
        ? [credential(call, world, "password", passwordIn(login) ?? "")]
        : wordCredentials(call, world, "password", password),
  };
}

function passwordIn(login = ""): string | undefined {
  const [, password] = /^[^:]*:(.+)$/s.exec(login) ?? [];
  return password === undefined ? undefined : percentDecoded(password);
}

const table = declareOptions("anywhere", [
  "--eval:",
  "-f --file:",
  "--host:",
  "--port:",
  "-u --username:",
  "-p --password::",
  "--authenticationDatabase:",
  "--authenticationMechanism:",
  "--gssapiServiceName:",
  "--sspiHostnameCanonicalization:",
  "--sspiRealmOverride:",
  "--awsIamSessionToken:",
  "--awsAccessKeyId:",
  "--awsSecretAccessKey:",
  "--awsSessionToken:",
  "--keyVaultNamespace:",
  "--kmsURL:",
  "--oidcFlows:",
  "--oidcRedirectUri:",
  "--tlsCAFile:",
  "--tlsCertificateKeyFile:",
  "--tlsCertificateKeyFilePassword:",
  "--tlsCRLFile:",
  "--tlsDisabledProtocols:",
  "--sslCAFile:",
  "--sslPEMKeyFile:",
  "--apiVersion:",
  "--networkMessageCompressors:",
  "--json::",
  "--jsContext:",
  "--quiet",
  "--norc",
  "--nodb",
  "--tls",
  "--ssl",
  "--tlsAllowInvalidCertificates",
  "--tlsAllowInvalidHostnames",
  "--sslAllowInvalidCertificates",
  "--shell",
  "--retryWrites",
  "--apiStrict",
  "--apiDeprecationErrors",
  "--skipStartupWarnings",
  "--verbose",
  "-h --help",
  "--version",
  "--build-info --buildInfo",
]);
