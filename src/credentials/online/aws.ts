import type { OnlineReach } from "../../model/credential-audit.js";
import type { Answer } from "./ask.js";
import { type AwsApi, awsAddress, awsApi, textIn } from "./aws-api.js";
import { awsKeyOf } from "./aws-key.js";
import { policiesOf } from "./aws-policies.js";
import { toldAt } from "./endpoint.js";
import { alive, dead, failed, unasked } from "./reach.js";
import type { Inquiry } from "./service.js";

/**
 * Whose key it is (STS, which every key may ask), and what that user or role may do (IAM, where it may ask that). Signed here: the aws client
 * may be missing, takes a second for each call, and runs the aliases, plugins and credential programs of its own files.
 */
export const aws: Inquiry = async (one, context) => {
  const key = await awsKeyOf(one, context);
  if ("reason" in key) return unasked(key.reason);
  // A file's own word for "key id" may be that of a store that only speaks AWS's language.
  if (!/^(?:AKIA|ASIA)[A-Z0-9]{16}$/.test(key.id)) return unasked("no key of AWS itself, by its id");
  return toldAt(awsAddress("sts", context.env), await identityOf(awsApi(key, context)));
};

async function identityOf(api: AwsApi): Promise<OnlineReach> {
  const answer = await api("sts", { Action: "GetCallerIdentity", Version: "2011-06-15" });
  if (answer.kind === "silence") return failed(answer.words);
  const arn = textIn(answer.text, "Arn");
  const account = textIn(answer.text, "Account");
  if (answer.status >= 300 || arn === undefined || account === undefined) return refusal(answer);
  return reachOf(arn, account, api);
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
function refusal(answer: Extract<Answer, { kind: "answer" }>): OnlineReach {
  const code = textIn(answer.text, "Code") ?? "";
  if (/^(?:InvalidClientTokenId|ExpiredToken|ExpiredTokenException|UnrecognizedClientException)$/.test(code))
    return dead();
  if (code === "SignatureDoesNotMatch")
    return failed("the secret found beside it is another key's, or this machine's clock is wrong");
  return failed(answer.status < 300 ? "its answer could not be read" : `it answered ${answer.status}`);
}

async function reachOf(arn: string, account: string, api: AwsApi): Promise<OnlineReach> {
  const [, , , , , resource = ""] = arn.split(":");
  const [kind = "", ...names] = resource.split("/");
  const who = { account: arn };
  if (kind === "root")
    return alive("account", `the root of account ${account}: everything, and nothing limits it`, who);
  const name = kind === "user" ? (names.at(-1) ?? "") : (names[0] ?? "");
  const whose = kind === "user" ? `user ${name}` : `role ${name}`;
  if (kind !== "user" && kind !== "assumed-role")
    return alive("unknown", `${kind} in account ${account}`, who);
  const { width, words } = await policiesOf(kind === "user" ? "User" : "Role", name, api);
  return alive(width, `${whose} of account ${account}: ${words}`, who);
}
