import * as v from "valibot";
import { alive } from "./reach.js";
import { bearer, plain, type Service } from "./service.js";

export const npm: Service = {
  endpoint: {
    url: "https://registry.npmjs.org",
    variables: [{ name: "NPM_CONFIG_REGISTRY" }, { name: "npm_config_registry" }],
  },
  headers: bearer,
  inquire: plain({
    path: "/-/whoami",
    schema: v.object({ username: v.string() }),
    tell: ({ username }) =>
      alive("account", `packages of ${username}; whether it may publish, npm does not tell`, {
        account: username,
      }),
  }),
};

export const huggingface: Service = {
  endpoint: { url: "https://huggingface.co", variables: [{ name: "HF_ENDPOINT" }] },
  headers: bearer,
  inquire: plain({
    path: "/api/whoami-v2",
    schema: v.object({
      name: v.string(),
      auth: v.optional(v.object({ accessToken: v.optional(v.object({ role: v.optional(v.string()) })) })),
    }),
    tell({ name, auth }) {
      const role = auth?.accessToken?.role;
      const holder = { account: name };
      if (role === "read") return alive("read", `reads what ${name} may read, private models too`, holder);
      if (role === "write") return alive("account", `every model and data set of ${name}`, holder);
      return alive("unknown", `what ${name} made it for`, holder);
    },
  }),
};
