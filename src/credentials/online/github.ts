import * as v from "valibot";
import type { OnlineReach } from "../../model/credential-audit.js";
import { readJson } from "./ask.js";
import { alive, dead, failed, unasked } from "./reach.js";
import { type Api, bearer, type Service, unread } from "./service.js";

/** GET /user tells the account, the scopes of a classic token and when it ends; an app's installation token lists its repositories. */
export const github: Service = {
  endpoint: { url: "https://api.github.com", variables: [{ name: "GITHUB_API_URL" }] },
  headers: (value) => ({
    ...bearer(value),
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
  }),
  async inquire(api, value) {
    if (value.startsWith("ghr_")) return unasked("a refresh token: to try it is to use it up");
    if (value.startsWith("ghs_")) return installation(api);
    const answer = await api.get("/user");
    if (answer.kind === "silence") return failed(answer.words);
    if (answer.status === 401) return dead();
    const said = answer.status < 300 ? readJson(user, answer) : undefined;
    if (said === undefined) return unread(answer);
    const scopes = answer.header("x-oauth-scopes");
    const ends = answer.header("github-authentication-token-expiration");
    const holder = { account: said.login, expires: ends === undefined ? undefined : Date.parse(ends) };
    if (value.startsWith("github_pat_") || scopes === undefined)
      return alive(
        "unknown",
        `the repositories of ${said.login} that it was made for; which and what, GitHub does not tell`,
        holder,
      );
    return scoped(
      scopes
        .split(",")
        .map((scope) => scope.trim())
        .filter(Boolean),
      said.login,
      holder,
    );
  },
};

const user = v.object({ login: v.string() });
const repositories = v.object({
  total_count: v.number(),
  repositories: v.array(v.object({ owner: v.object({ login: v.string() }) })),
});

async function installation(api: Api): Promise<OnlineReach> {
  const answer = await api.get("/installation/repositories?per_page=1");
  if (answer.kind === "silence") return failed(answer.words);
  if (answer.status === 401) return dead();
  const said = answer.status < 300 ? readJson(repositories, answer) : undefined;
  if (said === undefined) return unread(answer);
  const account = said.repositories[0]?.owner.login;
  const whose = account === undefined ? "" : ` of ${account}`;
  return alive(
    "workspace",
    `an app's installation: ${said.total_count === 1 ? "1 repository" : `${said.total_count} repositories`}${whose}`,
    { account },
  );
}

function scoped(
  scopes: readonly string[],
  login: string,
  holder: { account: string; expires: number | undefined },
): OnlineReach {
  if (scopes.length === 0) return alive("read", `no scopes: what is public, read as ${login}`, holder);
  const list = scopes.join(", ");
  if (scopes.some((scope) => wide.test(scope)))
    return alive("account", `${list}: every repository of ${login}`, holder);
  if (scopes.includes("public_repo"))
    return alive("workspace", `${list}: every public repository of ${login}`, holder);
  if (scopes.every((scope) => reading.test(scope))) return alive("read", `${list}: read as ${login}`, holder);
  return alive("resource", `${list}: as ${login}`, holder);
}

const wide = /^(?:repo|delete_repo|admin:org|admin:enterprise|site_admin)$/;
const reading = /^(?:read:.*|user:email|.*:read|repo:status)$/;
