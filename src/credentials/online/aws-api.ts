import { type Answer, ask } from "./ask.js";
import { type AwsKey, signedHeaders } from "./aws-signature.js";
import { type Address, addressOf } from "./endpoint.js";
import type { Context } from "./service.js";

/** Puts one question to one of the two services. */
export type AwsApi = (service: "sts" | "iam", form: Readonly<Record<string, string>>) => Promise<Answer>;

export function awsApi(key: AwsKey, { env, signal }: Context): AwsApi {
  const { region } = partitionOf(env);
  return async (service, form) => {
    const to = awsAddress(service, env);
    if (to.kind === "none") return { kind: "silence", words: to.words };
    const body = new URLSearchParams(form).toString();
    const { host: _host, ...signed } = signedHeaders(key, {
      url: to.url,
      body,
      service,
      region,
      now: Date.now(),
    });
    return ask(to.url, { method: "POST", headers: { ...signed, accept: "application/xml" }, body }, signal);
  };
}

export function awsAddress(service: "sts" | "iam", env: Context["env"]): Address {
  const variables = [{ name: `AWS_ENDPOINT_URL_${service.toUpperCase()}` }, { name: "AWS_ENDPOINT_URL" }];
  return addressOf({ url: `https://${partitionOf(env).hosts[service]}`, variables }, env);
}

function partitionOf(env: Context["env"]): typeof standard {
  const region = env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] ?? "";
  return partitions.find(({ begins }) => region.startsWith(begins)) ?? standard;
}

/** Keys of one partition are unknown in the others. */
const standard = { region: "us-east-1", hosts: { sts: "sts.amazonaws.com", iam: "iam.amazonaws.com" } };
const partitions = [
  {
    begins: "cn-",
    region: "cn-north-1",
    hosts: { sts: "sts.cn-north-1.amazonaws.com.cn", iam: "iam.cn-north-1.amazonaws.com.cn" },
  },
  {
    begins: "us-gov-",
    region: "us-gov-west-1",
    hosts: { sts: "sts.us-gov-west-1.amazonaws.com", iam: "iam.us-gov.amazonaws.com" },
  },
];

/** The service answers in XML, a flat one; values have no markup in them. */
export function textsIn(xml: string, tag: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, "g"))].map(([, text]) => text ?? "");
}

export function textIn(xml: string, tag: string): string | undefined {
  return textsIn(xml, tag)[0];
}
