import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readRules } from "../../src/build/compile.js";
import { unknown } from "../../src/model/arg.js";
import type { Effect } from "../../src/model/effect.js";
import { apiTable } from "../../src/readers/http/api-table.js";
import { plainRequest, readRequest } from "../../src/readers/http/http-request.js";

const read = readRules(fileURLToPath(new URL("../../rules", import.meta.url)));
if (!read.ok) throw new Error(read.problems.join("\n"));
const apis = apiTable(read.builtin.apis);

/** Method, URL and body of a request, and what it does: action, provider, type; how it could be had back when it could. */
const requests: readonly (readonly [request: string, effects: string])[] = [
  // github
  ["DELETE https://api.github.com/repos/a/b", "delete github repository"],
  ["DELETE https://api.github.com/repos/a/b/", "delete github repository"],
  ["DELETE https://api.github.com//repos/a/./b", "delete github repository"],
  ["DELETE https://api.github.com/repos/a/x/../b", "delete github repository"],
  ["DELETE https://api.github.com/repos/%61/b", "delete github repository"],
  ["DELETE https://git.example.com/api/v3/repos/a/b", "delete github repository"],
  ["DELETE https://api.acme.ghe.com/repos/a/b", "delete github repository"],
  ["DELETE https://api.github.com/repos/a/b/issues/1/labels/bug", "modify github label"],
  ["DELETE https://api.github.com/repos/a/b/issues/comments/1", "delete github comment"],
  ["DELETE https://api.github.com/repos/a/b/contents/a.txt", "delete github file (git)"],
  ["DELETE https://api.github.com/repos/a/b/issues/1/reactions/2", "modify github reaction"],
  ['PATCH https://api.github.com/repos/a/b {"private":false}', "grant github repository"],
  ['PATCH https://api.github.com/repos/a/b {"private":true}', "modify github repository"],
  ['PATCH https://api.github.com/repos/a/b/git/refs/heads/main {"force":true}', "modify github branch lossy"],
  ['PATCH https://api.github.com/repos/a/b/git/refs/heads/main {"force":false}', "modify github branch"],
  ['POST https://api.github.com/repos/a/b/issues {"title":"x"}', "send github issue"],
  ["POST https://api.github.com/repos/a/b/hooks {}", "grant github webhook"],
  ["POST https://api.github.com/repos/a/b/actions/runs/1/cancel", "send github cancel"],
  ["PUT https://api.github.com/repos/a/b/actions/workflows/1/disable", "modify github workflow (recreate)"],
  ["GET https://api.github.com/repos/a/b", "read github a"],
  // gitlab and bitbucket
  ["DELETE https://gitlab.com/api/v4/projects/1", "delete gitlab project"],
  ["DELETE https://git.example.com/api/v4/projects/1/repository/branches/main", "delete gitlab branch"],
  ["DELETE https://gitlab.com/api/v4/projects/1/issues/2/notes/3", "delete gitlab comment"],
  ['PUT https://gitlab.com/api/v4/projects/1 {"visibility":"public"}', "grant gitlab project"],
  ['PUT https://gitlab.com/api/v4/projects/1 {"name":"x"}', "modify gitlab project"],
  ["POST https://gitlab.com/api/v4/projects/1/members user_id=1", "grant gitlab member"],
  ["POST https://gitlab.com/api/v4/projects/1/jobs/2/erase", "delete gitlab job"],
  ["DELETE https://api.bitbucket.org/2.0/repositories/a/b", "delete bitbucket repository"],
  ["DELETE https://api.bitbucket.org/2.0/repositories/a/b/refs/branches/main", "delete bitbucket branch"],
  // aws
  ["GET https://ec2.amazonaws.com/?Action=TerminateInstances&InstanceId.1=i-1", "delete aws instance"],
  ["GET https://ec2.amazonaws.com/?Action=DescribeInstances", "read aws instance"],
  ["POST https://iam.amazonaws.com/ Action=CreateAccessKey&UserName=x", "grant aws access-key"],
  [
    "POST https://rds.eu-west-1.amazonaws.com/ Action=DeleteDBInstance&DBInstanceIdentifier=prod",
    "delete aws db-instance",
  ],
  ["DELETE https://b.s3.amazonaws.com/k", "delete aws object"],
  ["DELETE https://b.s3.eu-west-1.amazonaws.com/", "delete aws bucket"],
  ["DELETE https://s3.amazonaws.com/b/k", "delete aws object"],
  ["DELETE https://s3.amazonaws.com/b", "delete aws bucket"],
  ["POST https://b.s3.amazonaws.com/?delete <Delete/>", "delete aws object"],
  ["PUT https://b.s3.amazonaws.com/?policy {}", "grant aws policy"],
  ["PUT https://b.s3.amazonaws.com/k", "create aws object"],
  ["DELETE https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/f", "delete aws function"],
  ["DELETE https://abc.execute-api.eu-west-1.amazonaws.com/prod/users/1", "delete http"],
  ["DELETE https://search-x.eu-west-1.es.amazonaws.com/logs", "delete elasticsearch index"],
  // payments
  ["POST https://api.stripe.com/v1/refunds charge=ch_1", "modify stripe money lossy"],
  ["POST https://sk_test_1@api.stripe.com/v1/refunds charge=ch_1", "modify stripe money lossy in test"],
  ["POST https://api.stripe.com/v1/payment_intents amount=1", "create stripe payment"],
  ["POST https://api.stripe.com/v1/payment_intents amount=1&confirm=true", "modify stripe money lossy"],
  ["POST https://api.stripe.com/v1/customers email=a", "send stripe customer"],
  ["DELETE https://api.stripe.com/v1/customers/cus_1", "delete stripe customer"],
  ["DELETE https://api.stripe.com/v1/coupons/c", "delete stripe coupon"],
  ["POST https://connect.squareup.com/v2/refunds {}", "modify square money lossy"],
  ["POST https://connect.squareupsandbox.com/v2/refunds {}", "modify square money lossy in test"],
  ["POST https://api-m.paypal.com/v2/payments/captures/1/refund {}", "modify paypal money lossy"],
  ["POST https://api.razorpay.com/v1/payments/p/refund {}", "modify razorpay money lossy"],
  // hosting
  ["DELETE https://api.cloudflare.com/client/v4/zones/z", "delete cloudflare zone"],
  [
    'POST https://api.cloudflare.com/client/v4/zones/z/purge_cache {"purge_everything":true}',
    "modify cloudflare zone-cache (recreate)",
  ],
  [
    'POST https://api.cloudflare.com/client/v4/zones/z/purge_cache {"files":[]}',
    "delete cloudflare cache (recreate)",
  ],
  [
    'POST https://api.cloudflare.com/client/v4/zones/z/dns_records/batch {"deletes":[{"id":"1"}]}',
    "delete cloudflare dns-record",
  ],
  [
    'POST https://api.cloudflare.com/client/v4/zones/z/dns_records/batch {"posts":[{}]}',
    "create cloudflare dns-record",
  ],
  ["DELETE https://api.vercel.com/v9/projects/p", "delete vercel project"],
  ["DELETE https://api.vercel.com/v13/deployments/d", "delete vercel deployment"],
  ["DELETE https://api.netlify.com/api/v1/sites/s", "delete netlify site"],
  ["DELETE https://api.heroku.com/apps/a", "delete heroku app"],
  ["DELETE https://api.heroku.com/apps/a/dynos/web.1", "modify heroku dyno"],
  ['PATCH https://api.heroku.com/apps/a/config-vars {"A":null}', "delete heroku variable"],
  ['PATCH https://api.heroku.com/apps/a/config-vars {"A":"1"}', "modify heroku variable"],
  ["DELETE https://api.machines.dev/v1/apps/a/volumes/v", "delete fly volume"],
  ["POST https://api.machines.dev/v1/apps/a/machines/m/stop", "modify fly machine (recreate)"],
  ["POST https://api.machines.dev/v1/apps/a/machines/m/exec {}", "execute fly machine"],
  ["DELETE https://api.render.com/v1/services/s", "delete render service"],
  ["POST https://api.render.com/v1/services/s/suspend", "modify render service (recreate)"],
  ["POST https://api.render.com/v1/services/s/restart", "send render restart"],
  ["DELETE https://api.digitalocean.com/v2/databases/d", "delete digitalocean database"],
  [
    'POST https://api.digitalocean.com/v2/droplets/1/actions {"type":"power_off"}',
    "modify digitalocean droplet (recreate)",
  ],
  [
    'POST https://api.digitalocean.com/v2/droplets/1/actions {"type":"snapshot"}',
    "modify digitalocean droplet",
  ],
  ["DELETE https://api.digitalocean.com/v2/load_balancers/l", "delete digitalocean load-balancer"],
  ["POST https://api.hetzner.cloud/v1/servers/1/actions/rebuild {}", "delete hetzner server"],
  ["POST https://api.hetzner.cloud/v1/volumes/1/actions/detach {}", "modify hetzner volume (recreate)"],
  ["DELETE https://api.linode.com/v4/volumes/1", "delete linode volume"],
  // databases
  ["DELETE https://x.supabase.co/rest/v1/t", "delete supabase rows"],
  ["DELETE https://x.supabase.co/rest/v1/t?select=*", "delete supabase rows"],
  ["DELETE https://x.supabase.co/rest/v1/t?id=eq.1", "delete supabase row"],
  ['PATCH https://x.supabase.co/rest/v1/t {"a":1}', "modify supabase rows lossy"],
  ['PATCH https://x.supabase.co/rest/v1/t?id=eq.1 {"a":1}', "modify supabase rows"],
  [
    'POST https://api.supabase.com/v1/projects/p/database/query {"query":"drop table t"}',
    "create supabase database, delete sql DROP TABLE",
  ],
  ["DELETE https://console.neon.tech/api/v2/projects/p", "delete neon project"],
  [
    "DELETE https://api.planetscale.com/v1/organizations/o/databases/d/branches/b",
    "delete planetscale database-branch",
  ],
  ["DELETE https://x.firebaseio.com/.json", "delete firebase database"],
  ["DELETE https://cloud.mongodb.com/api/atlas/v2/groups/g/clusters/c", "delete mongodb cluster"],
  ["GET http://localhost:8123/?query=DROP+TABLE+t", "create database database, delete sql DROP TABLE"],
  ["POST http://db.example.com:5984/users/_purge {}", "delete database documents"],
  ["DELETE http://localhost:5984/users", "delete database database"],
  // clouds
  ["DELETE https://compute.googleapis.com/compute/v1/projects/p/zones/z/disks/d", "delete gcp disk"],
  [
    "POST https://compute.googleapis.com/compute/v1/projects/p/zones/z/instances/i/stop",
    "modify gcp instance (recreate)",
  ],
  [
    "POST https://secretmanager.googleapis.com/v1/projects/p/secrets/s/versions/1:destroy",
    "delete gcp version",
  ],
  [
    "POST https://run.googleapis.com/v2/projects/p/locations/l/services/s:setIamPolicy {}",
    "grant gcp permission",
  ],
  [
    'POST https://firestore.googleapis.com/v1/projects/p/databases/d/documents:commit {"writes":[{"delete":"x"}]}',
    "delete gcp document",
  ],
  ["POST https://pubsub.googleapis.com/v1/projects/p/topics/t:publish {}", "send gcp topic"],
  ["DELETE https://management.azure.com/subscriptions/s/resourceGroups/g", "delete azure resource-group"],
  [
    "DELETE https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a",
    "delete azure storageaccount",
  ],
  [
    "POST https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v/powerOff",
    "modify azure virtualmachine (recreate)",
  ],
  [
    "PUT https://management.azure.com/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/r {}",
    "grant azure permission",
  ],
  // engines
  ["DELETE http://localhost:9200/logs", "delete elasticsearch index"],
  ["DELETE http://localhost:9200/logs/_doc/1", "delete elasticsearch document"],
  ["DELETE http://localhost:9200/_search/scroll {}", "modify elasticsearch search"],
  ["DELETE http://localhost:9200/_ilm/policy/p", "delete elasticsearch cluster-setting"],
  ["POST http://localhost:9200/logs/_search {}", "send http"],
  ['POST http://localhost:9200/_bulk {"index":{}}', "create elasticsearch documents"],
  ['POST http://localhost:9200/_bulk {"delete":{"_id":"1"}}', "delete elasticsearch documents"],
  [
    'POST http://search.example.com/logs/_delete_by_query {"query":{"match_all":{}}}',
    "delete elasticsearch documents",
  ],
  ["DELETE https://10.0.0.1:6443/api/v1/namespaces/n", "delete kubernetes namespace"],
  ["DELETE https://10.0.0.1:6443/api/v1/namespaces/n?dryRun=All", "read kubernetes namespace"],
  ["DELETE https://k.example.com/apis/apps/v1/namespaces/n/deployments/d", "delete kubernetes deployment"],
  ["DELETE http://localhost:8001/api/v1/namespaces/n/pods/p", "delete kubernetes pod (recreate)"],
  [
    'PATCH https://10.0.0.1:6443/apis/apps/v1/namespaces/n/deployments/d {"spec":{"replicas":0}}',
    "modify kubernetes workload (recreate)",
  ],
  ["DELETE http://10.0.0.1:2375/containers/c", "delete docker container"],
  [
    'POST http://10.0.0.1:2375/v1.45/containers/create {"HostConfig":{"Binds":["/:/h"]}}',
    "execute docker container",
  ],
  ['POST http://10.0.0.1:2375/v1.45/containers/create {"Image":"a"}', "create docker container"],
  ["POST http://10.0.0.1:2375/volumes/prune", "delete docker volume"],
  ["DELETE https://vault.example.com/v1/sys/mounts/kv", "delete vault secrets-engine"],
  ["DELETE http://127.0.0.1:8200/v1/secret/data/a", "delete vault secret (backup)"],
  ["POST http://127.0.0.1:8200/v1/secret/destroy/a {}", "delete vault secret-history"],
  ["PUT http://localhost:8500/v1/kv/a x", "modify consul kv-key"],
  ["DELETE http://localhost:8500/v1/kv/a?recurse", "delete consul kv-key"],
  ["DELETE http://localhost:15672/api/queues/%2f/q", "delete rabbitmq queue"],
  ["DELETE http://localhost:8001/routes/r", "delete kong gateway-route"],
  ["DELETE http://localhost:8001/users/1", "delete http"],
  ["POST https://jenkins.example.com/job/j/doDelete", "delete jenkins pipeline"],
  ["POST http://localhost:8080/job/j/doDelete", "delete jenkins pipeline"],
  ["POST https://jenkins.example.com/job/j/build", "create jenkins build"],
  ["POST http://localhost:9090/api/v1/admin/tsdb/delete_series", "delete prometheus series"],
  ["DELETE http://localhost:7700/indexes/i/documents", "delete meilisearch documents"],
  ["GET http://localhost:8983/solr/admin/cores?action=UNLOAD&core=c", "delete solr index"],
  // services
  ["POST https://slack.com/api/chat.delete channel=C", "delete slack message"],
  ["POST https://slack.com/api/chat.postMessage text=delete", "send slack chat"],
  ["DELETE https://api.openai.com/v1/models/m", "delete openai model"],
  ["POST https://api.openai.com/v1/responses {}", "send openai response"],
  ['PATCH https://api.notion.com/v1/pages/p {"archived":true}', "delete notion page (trash)"],
  ["DELETE https://api.airtable.com/v0/b/t/r", "delete airtable row"],
  ["DELETE https://a.atlassian.net/rest/api/3/issue/A-1", "delete atlassian issue"],
  ["DELETE https://a.myshopify.com/admin/api/2024-07/customers/1.json", "delete shopify customer"],
  ["DELETE https://api.sendgrid.com/v3/suppression/bounces", "delete sendgrid suppression"],
  ["DELETE https://api.mailgun.net/v3/lists/l@a.b", "delete mailgun list"],
  ["POST https://api.twilio.com/2010-04-01/Accounts/A.json Status=closed", "delete twilio account"],
  ["DELETE https://api.pagerduty.com/schedules/s", "delete pagerduty schedule"],
  ["DELETE https://api.datadoghq.com/api/v1/dashboard/d", "delete datadog dashboard"],
  [
    'PATCH https://app.launchdarkly.com/api/v2/flags/p/f {"instructions":[{"kind":"turnFlagOff"}]}',
    "modify launchdarkly feature-flag (recreate)",
  ],
  ["DELETE https://grafana.example.com/api/folders/f", "delete grafana folder"],
  [
    'POST https://x.algolia.net/1/indexes/i/batch {"requests":[{"action":"deleteObject"}]}',
    "delete algolia documents",
  ],
  ["DELETE https://registry.npmjs.org/p/-rev/1", "delete npm package"],
  ["DELETE https://hub.docker.com/v2/repositories/a/b", "delete docker repository"],
  ["DELETE https://api.scaleway.com/instance/v1/zones/z/servers/s", "delete scaleway server"],
  // unknown hosts
  ["DELETE https://api.example.com/users/1", "delete http"],
  ["DELETE http://localhost:3000/users/1", "delete http"],
  ["POST https://api.example.com/users/delete id=1", "delete http"],
  ["POST https://api.example.com/users/delete/7", "delete http"],
  ['POST https://api.example.com/users {"action":"delete"}', "delete http"],
  ['POST https://api.example.com/users {"event":"deleted"}', "send http"],
  ["GET https://api.example.com/x?action=delete&id=1", "delete http"],
  ["GET https://api.example.com/x?q=delete", "read http"],
  ['POST https://api.example.com/rpc {"jsonrpc":"2.0","method":"deleteUser"}', "delete http"],
  [
    'POST https://api.example.com/rpc [{"jsonrpc":"2.0","method":"getUser"},{"jsonrpc":"2.0","method":"user.drop"}]',
    "delete http",
  ],
  ["POST https://api.example.com/password/reset email=a", "send http"],
  ["POST https://api.example.com/shop.v1.Orders/DeleteOrder {}", "delete http"],
  ["POST https://api.example.com/undelete {}", "send http"],
  ["POST https://api.example.com/servers/1/stop", "send http"],
  ["PURGE https://www.example.com/a.css", "delete http"],
  ["GET https://docs.example.com/users/delete", "read http"],
  // graphql
  [
    'POST https://api.github.com/graphql {"query":"mutation { deleteRef(input: {refId: \\"R\\"}) { clientMutationId } }"}',
    "delete github branch",
  ],
  [
    'POST https://git.example.com/api/graphql {"query":"mutation { deleteIssue(input: {issueId: \\"I\\"}) { clientMutationId } }"}',
    "delete graphql",
  ],
  [
    'POST https://api.github.com/graphql {"query":"mutation { deleteProjectV2Item(input: {itemId: \\"I\\"}) { clientMutationId } }"}',
    "delete github project-part",
  ],
  [
    'POST https://api.github.com/graphql {"query":"mutation { updateRef(input: {refId: \\"R\\", oid: \\"1\\", force: true}) { clientMutationId } }"}',
    "modify github branch lossy",
  ],
  [
    'POST https://api.github.com/graphql {"query":"mutation { removeReaction(input: {subjectId: \\"I\\"}) { clientMutationId } }"}',
    "modify github everyday",
  ],
  [
    'POST https://api.github.com/graphql {"query":"mutation { addComment(input: {subjectId: \\"I\\"}) { clientMutationId } }"}',
    "modify github unlisted",
  ],
  ['POST https://api.github.com/graphql {"query":"{ viewer { login } }"}', "read github query"],
  ['POST https://api.github.com/graphql {"id":"stored"}', "execute opaque"],
  [
    'POST https://gitlab.com/api/graphql {"query":"mutation { destroyNote(input: {id: \\"N\\"}) { errors } }"}',
    "delete gitlab unlisted",
  ],
  [
    'POST https://api.linear.app/graphql {"query":"mutation { issueDelete(id: \\"I\\") { success } }"}',
    "delete linear issue (trash)",
  ],
  [
    'POST https://api.linear.app/graphql {"query":"mutation { issueDelete(id: \\"I\\", permanentlyDelete: true) { success } }"}',
    "delete linear issue",
  ],
  [
    'POST https://api.linear.app/graphql {"query":"mutation { issueCreate(input: {title: \\"x\\"}) { success } }"}',
    "create linear issue",
  ],
  [
    'POST https://a.myshopify.com/admin/api/2024-07/graphql.json {"query":"mutation { customerDelete(input: {id: \\"C\\"}) { deletedCustomerId } }"}',
    "delete shopify customer",
  ],
  [
    'POST https://a.myshopify.com/admin/api/2024-07/graphql.json {"query":"mutation { orderCancel(orderId: \\"O\\") { job { id } } }"}',
    "modify shopify order lossy",
  ],
  [
    'POST https://api.fly.io/graphql {"query":"mutation { deleteVolume(input: {volumeId: \\"V\\"}) { app { id } } }"}',
    "delete fly volume",
  ],
  [
    'POST https://api.newrelic.com/graphql {"query":"mutation { dashboardDelete(guid: \\"D\\") { status } }"}',
    "delete newrelic dashboard",
  ],
  [
    'POST https://payments.sandbox.braintree-api.com/graphql {"query":"mutation { refundTransaction(input: {transactionId: \\"T\\"}) { refund { id } } }"}',
    "modify braintree money lossy",
  ],
  [
    'POST https://api.example.com/graphql {"query":"mutation { deleteUser(id: 1) { id } }"}',
    "delete graphql",
  ],
];

test.each(requests)("%s", (request, expected) => {
  const [, method = "", url = "", body] = /^([A-Z]+) (\S+)(?: (.*))?$/s.exec(request) ?? [];
  const effects = readRequest({ ...plainRequest, tool: "curl", method, url, body }, apis);
  expect(effects.map(show).join(", ")).toBe(expected);
});

test("each request stands once", () => {
  expect(new Set(requests.map(([request]) => request)).size).toBe(requests.length);
});

test("what is sent unseen is a riddle only where it decides", () => {
  const hidden = unknown("@-", "a pipe");
  const words = (method: string, url: string) =>
    readRequest({ ...plainRequest, tool: "curl", method, url, body: hidden }, apis)
      .map(show)
      .join(", ");
  expect(words("POST", "https://api.github.com/repos/a/b/issues")).toBe("send github issue");
  expect(words("PATCH", "https://api.github.com/repos/a/b")).toBe("execute opaque, modify github repository");
  expect(words("POST", "https://api.github.com/graphql")).toBe("execute opaque, send http");
});

test("an effect names the API, the operation, the thing and the host", () => {
  const url = "https://api.github.com/repos/acme/shop";
  const [effect] = readRequest({ ...plainRequest, tool: "curl", method: "DELETE", url }, apis);
  expect(effect).toEqual({
    tool: "curl",
    action: "delete",
    target: url,
    extent: { kind: "exact", count: 1, unit: "objects" },
    recovery: "none",
    environment: "unknown",
    credentials: [],
    certainty: "certain",
    because: "deletes a repository with its issues, pull requests and releases",
    span: undefined,
    resource: "cloud",
    provider: "github",
    service: "http",
    type: "repository",
    operation: "DELETE /repos/{owner}/{repo}",
    host: "api.github.com",
  });
});

function show(effect: Effect): string {
  if (effect.resource === "sql") return `${effect.action} sql ${effect.statement}`;
  if (effect.resource !== "cloud") return `${effect.action} ${effect.resource}`;
  const place = effect.environment === "unknown" ? "" : ` in ${effect.environment}`;
  return `${effect.action} ${effect.provider} ${effect.type}${lossOf(effect)}${place}`;
}

function lossOf({ action, recovery }: Effect): string {
  if (action === "read" || recovery === "needless" || recovery === "unknown") return "";
  if (recovery === "none") return action === "modify" ? " lossy" : "";
  return ` (${recovery})`;
}
