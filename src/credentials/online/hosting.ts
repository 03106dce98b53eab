import * as v from "valibot";
import { readJson } from "./ask.js";
import { alive, counted, dead, failed, listed, unasked } from "./reach.js";
import { bearer, plain, type Service, unread } from "./service.js";

export const vercel: Service = {
  endpoint: { url: "https://api.vercel.com", variables: [{ name: "HOLDPOINT_VERCEL_URL" }] },
  headers: bearer,
  inquire: plain({
    path: "/v2/user",
    schema: v.object({ user: v.object({ username: v.string() }) }),
    tell: ({ user }) =>
      alive("account", `the projects of ${user.username}, and of the teams it was made for`, {
        account: user.username,
      }),
    // Vercel says 403 to a token that it does not know, and says so.
    forbidden: (answer) =>
      readJson(v.object({ error: v.object({ invalidToken: v.literal(true) }) }), answer) === undefined
        ? alive("unknown", "a team's, or one that may not say whose it is")
        : dead(),
  }),
};

export const netlify: Service = {
  endpoint: { url: "https://api.netlify.com", variables: [{ name: "HOLDPOINT_NETLIFY_URL" }] },
  headers: bearer,
  inquire: plain({
    path: "/api/v1/user",
    schema: v.object({ email: v.string(), site_count: v.optional(v.number()) }),
    tell: ({ email, site_count }) =>
      alive(
        "account",
        `every team and site of the account${site_count === undefined ? "" : `: ${counted(site_count, "site")}`}`,
        {
          account: email,
        },
      ),
  }),
};

export const render: Service = {
  endpoint: { url: "https://api.render.com", variables: [{ name: "HOLDPOINT_RENDER_URL" }] },
  headers: bearer,
  inquire: plain({
    path: "/v1/owners?limit=100",
    schema: v.array(v.object({ owner: v.object({ name: v.string(), email: v.optional(v.string()) }) })),
    tell: (owners) =>
      alive(
        "account",
        `every service of ${counted(owners.length, "workspace")} (${listed(
          owners.map(({ owner }) => owner.name),
          "none",
        )})`,
        {
          account: owners[0]?.owner.email,
        },
      ),
  }),
};

export const heroku: Service = {
  endpoint: { url: "https://api.heroku.com", variables: [{ name: "HOLDPOINT_HEROKU_URL" }] },
  headers: (value) => ({ ...bearer(value), accept: "application/vnd.heroku+json; version=3" }),
  inquire: plain({
    path: "/account",
    schema: v.object({ email: v.string() }),
    tell: ({ email }) =>
      alive("account", `every app of ${email}, and of the teams they are in`, { account: email }),
    forbidden: () => alive("unknown", "an authorization with a scope that may not say whose it is"),
  }),
};

export const digitalocean: Service = {
  endpoint: { url: "https://api.digitalocean.com", variables: [{ name: "DIGITALOCEAN_API_URL" }] },
  headers: bearer,
  inquire: plain({
    path: "/v2/account",
    schema: v.object({
      account: v.object({ email: v.string(), team: v.optional(v.object({ name: v.string() })) }),
    }),
    tell: ({ account: { email, team } }) =>
      alive(
        "workspace",
        `what its scopes allow in ${team === undefined ? "the account" : `team ${team.name}`}; which, DigitalOcean does not tell`,
        { account: email },
      ),
    forbidden: () => alive("unknown", "scopes of its own choice, account:read not among them"),
  }),
};

export const cloudflare: Service = {
  endpoint: {
    url: "https://api.cloudflare.com/client/v4",
    variables: [{ name: "CLOUDFLARE_API_BASE_URL" }],
  },
  headers: bearer,
  async inquire(api) {
    const answer = await api.get("/user/tokens/verify");
    const said = readJson(cloudflareSchema, answer)?.result;
    if (said !== undefined && said.status !== "active")
      return dead(`no longer active: ${said.status === "expired" ? "expired" : "disabled"}`);
    if (said !== undefined)
      return alive("unknown", "an active token; what it may do stands in the account's dashboard alone", {
        expires: said.expires_on == null ? undefined : Date.parse(said.expires_on),
      });
    if (answer.kind === "answer" && answer.status >= 400)
      return failed(
        "no user's token: revoked, never real, or one of an account, a global key or an origin's, which cannot be asked this way",
      );
    return unread(answer);
  },
};
const cloudflareSchema = v.object({
  success: v.literal(true),
  result: v.object({ status: v.string(), expires_on: v.nullish(v.string()) }),
});

/** Its management API. The keys of one project (`sb_secret_…`, a JWT) have an address of their own, which is not in the key. */
export const supabase: Service = {
  endpoint: { url: "https://api.supabase.com", variables: [{ name: "HOLDPOINT_SUPABASE_URL" }] },
  headers: bearer,
  async inquire(api, value) {
    if (!value.startsWith("sbp_")) return unasked("a key of one project, whose address is not in it");
    return plain({
      path: "/v1/projects",
      schema: v.array(v.object({ name: v.string() })),
      tell: (projects) =>
        alive(
          "account",
          `every project of the account: ${listed(
            projects.map(({ name }) => name),
            "none yet",
          )}`,
        ),
      forbidden: () => alive("unknown", "one that may not list projects"),
    })(api, value);
  },
};

export const neon: Service = {
  endpoint: { url: "https://console.neon.tech/api/v2", variables: [{ name: "HOLDPOINT_NEON_URL" }] },
  headers: bearer,
  async inquire(api) {
    const answer = await api.get("/users/me");
    if (answer.kind === "silence") return failed(answer.words);
    if (answer.status === 401) return dead();
    const said = answer.status < 300 ? readJson(v.object({ email: v.string() }), answer) : undefined;
    if (said !== undefined)
      return alive("account", "every project of the account and its organizations", { account: said.email });
    if (answer.status < 300) return unread(answer);
    // An organization's key is nobody's, and a project's sees that alone.
    const second = await api.get("/projects?limit=100");
    const projects = readJson(
      v.object({ projects: v.array(v.object({ name: v.string() })) }),
      second,
    )?.projects;
    if (projects === undefined)
      return second.kind === "answer" && second.status === 401 ? dead() : unread(second);
    const names = projects.map(({ name }) => name);
    return alive(
      names.length === 1 ? "project" : "workspace",
      `an organization's: ${listed(names, "no project yet")}`,
    );
  },
};

export const fly: Service = {
  endpoint: { url: "https://api.fly.io", variables: [{ name: "FLY_API_BASE_URL" }] },
  // Fly's newer tokens say their own scheme.
  headers: (value) => ({
    authorization: value.startsWith("FlyV1 ")
      ? value
      : value.startsWith("fm")
        ? `FlyV1 ${value}`
        : `Bearer ${value}`,
  }),
  async inquire(api) {
    const answer = await api.post("/graphql", {
      query:
        "query { viewer { ... on User { email } ... on Macaroon { email } } organizations { nodes { slug } } }",
    });
    if (answer.kind === "silence") return failed(answer.words);
    if (answer.status === 401 || answer.status === 403) return dead();
    const said = readJson(flySchema, answer)?.data;
    if (said === undefined) return unread(answer);
    if (said.viewer === null && said.organizations.nodes.length === 0)
      return failed("it did not say what this is for");
    const names = said.organizations.nodes.map(({ slug }) => slug);
    const words = `apps of ${counted(names.length, "organization")} (${listed(names, "none")}), as far as it was narrowed down`;
    return alive(names.length === 1 ? "workspace" : "account", words, {
      account: said.viewer?.email ?? undefined,
    });
  },
};
const flySchema = v.object({
  data: v.object({
    viewer: v.nullable(v.object({ email: v.nullish(v.string()) })),
    organizations: v.object({ nodes: v.array(v.object({ slug: v.string() })) }),
  }),
});
