import * as v from "valibot";
import type { ReachWidth } from "../../model/credential-audit.js";
import { readJson } from "./ask.js";
import { asUrl } from "./endpoint.js";
import { alive, dead, failed, unasked } from "./reach.js";
import { type Service, unread } from "./service.js";

/** GET /personal_access_tokens/self tells scopes and end of personal, project and group tokens; GET /user whose it is, where a scope allows that. */
export const gitlab: Service = {
  endpoint: {
    url: "https://gitlab.com/api/v4",
    variables: [
      { name: "CI_API_V4_URL" },
      { name: "GITLAB_HOST", url: (value) => `${asUrl(value).replace(/\/+$/, "")}/api/v4` },
    ],
  },
  headers: (value) => ({ "private-token": value }),
  async inquire(api, value) {
    if (/^gl(?!pat-)[a-z]{2,4}-/.test(value))
      return unasked("a token for one task (deploy, runner, job, trigger), which cannot ask about itself");
    const answer = await api.get("/personal_access_tokens/self");
    if (answer.kind === "silence") return failed(answer.words);
    if (answer.status === 401) return dead();
    const said = answer.status < 300 ? readJson(self, answer) : undefined;
    if (said === undefined) return unread(answer);
    if (said.revoked === true || said.active === false) return dead();
    const name = said.scopes.some((scope) => namesUser.test(scope))
      ? readJson(user, await api.get("/user"))?.username
      : undefined;
    const [width, whose] = widthOf(said.scopes, name);
    const expires =
      said.expires_at === null || said.expires_at === undefined ? undefined : Date.parse(said.expires_at);
    return alive(width, `${said.scopes.join(", ")}: ${whose}`, { account: name, expires });
  },
};

const self = v.object({
  scopes: v.array(v.string()),
  active: v.optional(v.boolean()),
  revoked: v.optional(v.boolean()),
  expires_at: v.optional(v.nullable(v.string())),
});
const user = v.object({ username: v.string() });
const namesUser = /^(?:api|read_api|read_user)$/;

/** Tokens of projects and groups belong to users that GitLab makes for them: `project_42_bot_…`. */
function widthOf(scopes: readonly string[], name: string | undefined): readonly [ReachWidth, string] {
  const bot = /^(project|group)_\d+_bot/.exec(name ?? "")?.[1];
  const who = name ?? "its user";
  if (scopes.every((scope) => scope.startsWith("read_"))) return ["read", `read as ${who}`];
  if (bot === "project") return ["project", "one project"];
  if (bot === "group") return ["workspace", "every project of a group"];
  if (scopes.includes("sudo") || scopes.includes("admin_mode"))
    return ["account", `as any user, for ${who} is an administrator`];
  if (scopes.includes("api")) return ["account", `every group and project of ${who}`];
  if (scopes.includes("write_repository")) return ["account", `every repository of ${who}`];
  return ["resource", `as ${who}`];
}
