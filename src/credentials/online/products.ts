import * as v from "valibot";
import { type Answer, readJson } from "./ask.js";
import { alive, dead, failed, listed, unasked } from "./reach.js";
import { bearer, plain, type Service, unread } from "./service.js";

export const slack: Service = {
  endpoint: { url: "https://slack.com/api", variables: [{ name: "HOLDPOINT_SLACK_URL" }] },
  headers: bearer,
  async inquire(api, value) {
    if (!/^xox[abops]-/.test(value))
      return unasked("a webhook, refresh or app token, which can only be used");
    const answer = await api.post("/auth.test", {});
    const said = readJson(slackSchema, answer);
    if (said === undefined) return unread(answer);
    if (!said.ok) return slackRefusals.has(said.error) ? dead() : failed("it answered with an error");
    const scopes = answer.kind === "answer" ? (answer.header("x-oauth-scopes") ?? "") : "";
    const list = scopes.split(",").filter(Boolean);
    const width =
      list.length > 0 && list.every((scope) => /read$|^identify$|history$/.test(scope))
        ? "read"
        : "workspace";
    return alive(width, `workspace ${said.team} as ${said.user}: ${listed(list, "scopes unknown", 8)}`, {
      account: `${said.user} of ${said.team}`,
    });
  },
};
const slackSchema = v.variant("ok", [
  v.object({ ok: v.literal(true), team: v.string(), user: v.string() }),
  v.object({ ok: v.literal(false), error: v.string() }),
]);
const slackRefusals: ReadonlySet<string> = new Set([
  "invalid_auth",
  "account_inactive",
  "token_revoked",
  "token_expired",
]);

export const stripe: Service = {
  endpoint: { url: "https://api.stripe.com", variables: [{ name: "HOLDPOINT_STRIPE_URL" }] },
  headers: bearer,
  async inquire(api, value) {
    const [, form, mode] = /^(sk|rk)_(live|test)_/.exec(value) ?? [];
    if (form === undefined || mode === undefined) return unasked("no secret or restricted key");
    const money = mode === "live" ? "live mode" : "test mode, no real money";
    return plain({
      path: "/v1/account",
      schema: v.object({
        id: v.string(),
        settings: v.optional(
          v.object({ dashboard: v.optional(v.object({ display_name: v.nullish(v.string()) })) }),
        ),
      }),
      tell({ id, settings }) {
        const account = settings?.dashboard?.display_name || id;
        if (form === "rk")
          return alive("resource", `restricted, what it was made for at ${account}, ${money}`, { account });
        return alive(
          mode === "live" ? "account" : "resource",
          `every customer, payment and payout of ${account}, ${money}`,
          { account },
        );
      },
      forbidden: () =>
        alive(form === "rk" ? "resource" : "unknown", `restricted, what it was made for, ${money}`),
    })(api, value);
  },
};

export const sendgrid: Service = {
  endpoint: { url: "https://api.sendgrid.com", variables: [{ name: "HOLDPOINT_SENDGRID_URL" }] },
  headers: bearer,
  inquire: plain({
    path: "/v3/scopes",
    schema: v.object({ scopes: v.array(v.string()) }),
    tell({ scopes }) {
      const writes = scopes.filter((scope) => !/\.read$|^2fa_|^sender_verification_/.test(scope));
      if (writes.length === 0) return alive("read", `reads: ${listed(scopes, "nothing")}`);
      const isWhole = scopes.includes("api_keys.create") || scopes.includes("teammates.create");
      return alive(
        isWhole ? "account" : "resource",
        `${isWhole ? "full access: " : ""}${listed(writes, "")}`,
      );
    },
  }),
};

export const openai: Service = {
  endpoint: { url: "https://api.openai.com/v1", variables: [{ name: "OPENAI_BASE_URL" }] },
  headers: bearer,
  inquire: plain({
    path: "/models",
    schema: v.object({ data: v.array(v.unknown()) }),
    tell(_said, answer, value) {
      const account = answer.header("openai-organization");
      const whose = account === undefined ? "" : ` of ${account}`;
      return alive(
        value.startsWith("sk-admin-") ? "account" : "project",
        `models and data${whose}, at its cost`,
        { account },
      );
    },
    forbidden: (_answer, value) =>
      value.startsWith("sk-admin-")
        ? alive("account", "an organization's admin key: its members, projects and keys")
        : alive("resource", "restricted: it may not list models"),
  }),
};

export const anthropic: Service = {
  endpoint: { url: "https://api.anthropic.com", variables: [{ name: "ANTHROPIC_BASE_URL" }] },
  headers: (value) => ({ "x-api-key": value, "anthropic-version": "2023-06-01" }),
  async inquire(api, value) {
    if (value.startsWith("sk-ant-oat") || value.startsWith("sk-ant-ort"))
      return unasked("a login's token, not a key of the API");
    if (value.startsWith("sk-ant-admin"))
      return plain({
        path: "/v1/organizations/me",
        schema: v.object({ name: v.string() }),
        tell: ({ name }) =>
          alive("account", `an admin key: members, workspaces and keys of ${name}`, { account: name }),
      })(api, value);
    return plain({
      path: "/v1/models?limit=1",
      schema: v.object({ data: v.array(v.unknown()) }),
      tell: (_said, answer) =>
        alive("workspace", "models and files of its workspace, at its cost", {
          account: answer.header("anthropic-organization-id"),
        }),
    })(api, value);
  },
};

/** The root of its API says who asks; a token that is nobody's gets the same page without a name. */
export const sentry: Service = {
  endpoint: { url: "https://sentry.io", variables: [{ name: "SENTRY_URL" }] },
  headers: bearer,
  inquire: plain({
    path: "/api/0/",
    schema: v.object({
      auth: v.nullable(v.object({ scopes: v.array(v.string()) })),
      user: v.nullish(v.object({ email: v.optional(v.string()) })),
    }),
    tell({ auth, user }) {
      if (auth === null) return dead();
      const writes = auth.scopes.filter((scope) => !/:read$/.test(scope));
      const width =
        writes.length === 0
          ? "read"
          : auth.scopes.some((scope) => /^(?:org|team|member):(?:write|admin)$/.test(scope))
            ? "account"
            : "resource";
      return alive(width, listed(auth.scopes, "no scopes", 8), { account: user?.email });
    },
    forbidden: () => alive("unknown", "an organization's token, which may not say what it is for"),
  }),
};

export const linear: Service = {
  endpoint: { url: "https://api.linear.app", variables: [{ name: "HOLDPOINT_LINEAR_URL" }] },
  // A personal key stands by itself, an app's token has a scheme.
  headers: (value) => ({ authorization: value.startsWith("lin_api_") ? value : `Bearer ${value}` }),
  async inquire(api) {
    const answer = await api.post("/graphql", { query: "query { viewer { email } organization { name } }" });
    if (answer.kind === "silence") return failed(answer.words);
    if (answer.status === 401 || isLinearRefusal(answer)) return dead();
    const said = readJson(linearSchema, answer)?.data;
    if (said === undefined) return unread(answer);
    return alive("workspace", `issues and projects of ${said.organization.name}`, {
      account: said.viewer.email,
    });
  },
};
const linearSchema = v.object({
  data: v.object({ viewer: v.object({ email: v.string() }), organization: v.object({ name: v.string() }) }),
});
const linearErrors = v.object({ errors: v.array(v.object({ extensions: v.object({ code: v.string() }) })) });

function isLinearRefusal(answer: Answer): boolean {
  return (
    readJson(linearErrors, answer)?.errors.some(
      ({ extensions }) => extensions.code === "AUTHENTICATION_ERROR",
    ) ?? false
  );
}

/** An API key alone; what an application key may do needs both. */
export const datadog: Service = {
  endpoint: {
    url: "https://api.datadoghq.com",
    variables: [{ name: "HOLDPOINT_DATADOG_URL" }, { name: "DD_SITE", url: (site) => `https://api.${site}` }],
  },
  headers: (value) => ({ "dd-api-key": value }),
  inquire: plain({
    path: "/api/v1/validate",
    schema: v.object({ valid: v.boolean() }),
    tell: ({ valid }) =>
      valid ? alive("resource", "sends metrics, logs and events; reads nothing by itself") : dead(),
    forbidden: () =>
      failed("no API key of this site: revoked, never real, an application key, or of another DD_SITE"),
  }),
};
