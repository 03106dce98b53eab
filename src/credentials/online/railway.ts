import * as v from "valibot";
import type { OnlineReach } from "../../model/credential-audit.js";
import type { Answer } from "./ask.js";
import { readJson } from "./ask.js";
import { alive, counted, dead, listed } from "./reach.js";
import { bearer, type Service, unread } from "./service.js";

/**
 * Railway's tokens look alike; which of the three kinds one is, only the answers tell: an account's may ask who it is, a workspace's which
 * workspaces it may work on, a project's stands in a header of its own.
 */
export const railway: Service = {
  endpoint: {
    url: "https://backboard.railway.com/graphql/v2",
    variables: [{ name: "HOLDPOINT_RAILWAY_URL" }],
  },
  headers: bearer,
  async inquire(api, value) {
    const account = await api.post("", { query: accountQuery });
    const me = readJson(accountSchema, account)?.data.me;
    if (me !== undefined) return accountReach(me);
    const project = await api.post("", { query: projectQuery }, { "project-access-token": value });
    const token = readJson(projectSchema, project)?.data.projectToken;
    if (token !== undefined)
      return alive("project", `environment ${token.environment.name} of project ${token.project.name}`);
    const workspace = await api.post("", { query: workspaceQuery });
    const workspaces = readJson(workspaceSchema, workspace)?.data.apiToken.workspaces.map(({ name }) => name);
    if (workspaces !== undefined && workspaces.length > 0)
      return alive("workspace", `every project of workspace ${listed(workspaces, "")}`, {
        account: workspaces[0],
      });
    // One that was not answered may be the one that would have said yes.
    const open = [account, project, workspace].find((answer) => !isRefusal(answer));
    return open === undefined ? dead() : unread(open);
  },
};

const accountQuery =
  "query { me { name email workspaces { name projects(first: 500) { edges { node { name } } } } } }";
const projectQuery = "query { projectToken { project { name } environment { name } } }";
const workspaceQuery = "query { apiToken { workspaces { name } } }";

const named = v.object({ name: v.string() });
const accountSchema = v.object({
  data: v.object({
    me: v.object({
      name: v.nullish(v.string()),
      email: v.string(),
      workspaces: v.array(
        v.object({ name: v.string(), projects: v.object({ edges: v.array(v.object({ node: named })) }) }),
      ),
    }),
  }),
});
const projectSchema = v.object({
  data: v.object({ projectToken: v.object({ project: named, environment: named }) }),
});
const workspaceSchema = v.object({ data: v.object({ apiToken: v.object({ workspaces: v.array(named) }) }) });
const errorsSchema = v.object({ errors: v.array(v.object({ message: v.string() })) });

function accountReach({ email, workspaces }: v.InferOutput<typeof accountSchema>["data"]["me"]): OnlineReach {
  const projects = workspaces.reduce((sum, one) => sum + one.projects.edges.length, 0);
  const names = listed(
    workspaces.map(({ name }) => name),
    "none",
  );
  const words = `every project of the account: ${counted(projects, "project")} in ${counted(workspaces.length, "workspace")} (${names})`;
  return alive("account", words, { account: email });
}

/** Refusals come with status 200, as GraphQL's do. */
function isRefusal(answer: Answer): boolean {
  if (answer.kind === "silence") return false;
  if (answer.status === 401 || answer.status === 403) return true;
  const errors = readJson(errorsSchema, answer)?.errors ?? [];
  return errors.some(({ message }) => /not authori[sz]ed|token not found|invalid token/i.test(message));
}
