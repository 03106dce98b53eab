import * as v from "valibot";
import { isKnown } from "../model/arg.js";
import type { CloudEffect } from "../model/effect.js";
import { envGet } from "../model/env.js";
import { foreseeTransfers } from "../readers/http/curl.js";
import { type Transfer, valuesOf } from "../readers/http/curl-transfer.js";
import { parseUrl, showUrl, type Url } from "../readers/http/url.js";
import type { PreviewInput } from "./previewer.js";
import { type Ask, LookError } from "./railway-answers.js";
import { connectionOf, quoted } from "./railway-connection.js";
import { type Token, tokenOfCli, tokenOfCurl, tokenOfOther } from "./railway-token.js";

export type Fetch = typeof fetch;

export interface Asker {
  readonly ask: Ask;
  readonly isProjectToken: boolean;
}

/** How this call reaches Railway's API, and as whom: by the real curl where it is one of curl's, else by `send`. */
export async function askerOf(effect: CloudEffect, input: PreviewInput, send: Fetch): Promise<Asker> {
  const { call } = input;
  if (call.tool === "curl") {
    const { transfer, url } = transferOf(effect, input);
    if (!isRailway(parseUrl(url)?.host ?? "")) throw new LookError("its server is none of Railway's");
    const token = tokenOfCurl(transfer, input);
    const options = await connectionOf(transfer, input);
    return asker(token, (body) => byCurl({ url, token, body, options }, input));
  }
  const isCli = effect.tool === "railway";
  const host = isCli ? hostOfCli(input) : effect.host?.replace(/:443$/, "");
  if (host === undefined || !isRailway(host)) throw new LookError("which server it speaks to is not known");
  const token = isCli ? tokenOfCli(input) : tokenOfOther(effect, input);
  return asker(token, (body) =>
    byFetch({ url: `https://${host}/graphql/v2`, token, body }, send, input.signal),
  );
}

function isRailway(host: string): boolean {
  return /^backboard\.railway(-staging|-develop)?\.(com|app)$/.test(host);
}

function asker(token: Token, post: (body: string) => Promise<string>): Asker {
  return {
    isProjectToken: token.name === "project-access-token",
    ask: async (query, variables) => {
      try {
        return dataOf(await post(JSON.stringify({ query, variables })));
      } catch (cause) {
        // A server may say back what it was sent.
        if (cause instanceof LookError) throw new LookError(cause.message.replaceAll(token.secret, "…"));
        throw cause;
      }
    },
  };
}

function dataOf(text: string): unknown {
  const answer = v.safeParse(answerSchema, text);
  if (!answer.success) throw new LookError("the server's answer is no GraphQL");
  const { data, errors = [] } = answer.output;
  const [error] = errors;
  if (error !== undefined) throw new LookError(`the API says: ${error.message.slice(0, 200)}`);
  return data;
}

const answerSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    data: v.optional(v.unknown()),
    errors: v.optional(v.array(v.object({ message: v.string() }))),
  }),
);

function hostOfCli({ call }: PreviewInput): string | undefined {
  const variable = envGet(call.env, "RAILWAY_ENV") ?? "";
  if (!isKnown(variable)) return undefined;
  const name = variable.toLowerCase();
  if (name === "staging") return "backboard.railway-staging.com";
  return name === "dev" || name === "develop" ? "backboard.railway-develop.com" : "backboard.railway.com";
}

/** The request behind the effect: of several to that host the one that speaks of its target. */
function transferOf(
  effect: CloudEffect,
  { call, world }: PreviewInput,
): { readonly transfer: Transfer; readonly url: string } {
  const found = foreseeTransfers(call, world).flatMap((transfer) => {
    const url = valuesOf(transfer, "url")
      .map((word) => (isKnown(word) ? parseUrl(word) : undefined))
      .find((one) => one !== undefined && one.host === effect.host);
    return url === undefined ? [] : [{ transfer, url }];
  });
  const bodies = ["data", "data-raw", "data-binary", "data-ascii", "json"];
  const one =
    found.find(({ transfer }) =>
      valuesOf(transfer, ...bodies).some((body) => isKnown(body) && body.includes(effect.target)),
    ) ?? found[0];
  if (one === undefined) throw new LookError("which request does it cannot be told");
  return { transfer: one.transfer, url: plainUrl(one.url) };
}

function plainUrl(url: Url): string {
  if (url.scheme !== "https") throw new LookError("the call would send its token unencrypted");
  return showUrl({ ...url, query: "", user: "" });
}

interface Post {
  readonly url: string;
  readonly token: Token;
  readonly body: string;
}

/** All of it by its stdin: what stands in its arguments, any other process sees. `-q` first, or its start-up file is read. */
async function byCurl(
  { url, token, body, options }: Post & { readonly options: readonly string[] },
  { run, signal, deadline }: PreviewInput,
): Promise<string> {
  const seconds = Math.max(0.1, (deadline - Date.now()) / 1000).toFixed(1);
  const config = [
    `url = ${quoted(url)}`,
    `header = ${quoted(`${token.name}: ${token.value}`)}`,
    'header = "content-type: application/json"',
    `data-raw = ${quoted(body)}`,
    ...options,
    ...['proto = "=https"', "globoff", "silent", "show-error", `max-time = ${seconds}`],
  ];
  const ran = await run("curl", ["-q", "-K", "-"], { input: `${config.join("\n")}\n` });
  if (ran.kind === "failed") throw new LookError(ran.reason);
  signal.throwIfAborted();
  if (ran.kind === "late") throw new LookError("the server did not answer in time");
  if (ran.isCut) throw new LookError("the server's answer is too long");
  if (ran.status !== 0)
    throw new LookError(
      ran.err.split("\n")[0]?.slice(0, 200) || `curl ended with ${ran.status ?? "a signal"}`,
    );
  return ran.out;
}

async function byFetch({ url, token, body }: Post, send: Fetch, signal: AbortSignal): Promise<string> {
  try {
    const headers = { [token.name]: token.value, "content-type": "application/json" };
    const answer = await send(url, { method: "POST", headers, body, signal, redirect: "error" });
    return await answer.text();
  } catch (cause) {
    signal.throwIfAborted();
    const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    throw new LookError(
      `${new URL(url).host} cannot be reached: ${inner instanceof Error ? inner.message : inner}`,
    );
  }
}
