import * as v from "valibot";
import { many } from "../../model/amount.js";
import type { Look } from "./aws.js";
import { ageOf, list, need } from "./need.js";

const stacksSchema = v.object({
  Stacks: v.tuple([
    v.object({
      StackStatus: v.optional(v.string()),
      EnableTerminationProtection: v.optional(v.boolean()),
      CreationTime: v.optional(v.string()),
      LastUpdatedTime: v.optional(v.string()),
    }),
  ]),
});
const typesSchema = v.object({ types: v.nullish(v.array(v.string()), []), more: v.nullish(v.string()) });

export const lookAtStack: Look = async ({ effect, client, now }) => {
  const name = { StackName: effect.target };
  const [answer, listed] = await Promise.all([
    client.ask("cloudformation describe-stacks", name, stacksSchema),
    client.ask("cloudformation list-stack-resources", name, typesSchema, {
      query:
        "{types: StackResourceSummaries[?ResourceStatus!='DELETE_COMPLETE'].ResourceType, more: NextToken}",
      most: 1000,
    }),
  ]);
  const [stack] = need(answer).Stacks;
  const isProtected = stack.EnableTerminationProtection;
  return {
    rows: [
      ...(listed.ok
        ? resourceRows(listed.value.types, listed.value.more ?? undefined)
        : [`its resources are not known: ${listed.reason}`]),
      ...(isProtected === undefined
        ? []
        : [isProtected ? "termination protection is on: AWS refuses" : "termination protection is off"]),
      `${list(stack.StackStatus)}${ageOf(stack.LastUpdatedTime ?? stack.CreationTime, now, "changed")}`,
    ],
  };
};

function resourceRows(types: readonly string[], more: string | undefined): readonly string[] {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  // What keeps data first: that is what nobody makes anew.
  const named = [...counts].toSorted(([a], [b]) => Number(keepers.test(b)) - Number(keepers.test(a)));
  const shown = named
    .slice(0, 8)
    .map(([type, count]) => `${type.replace(/^AWS::/, "")}${count === 1 ? "" : ` ×${count}`}`);
  const rest = named.length > 8 ? ` and ${many(named.length - 8, "other kind")}` : "";
  const some = more === undefined ? "" : "at least ";
  return types.length === 0
    ? ["no resources in it"]
    : [
        `${some}${many(types.length, "resource")}: ${shown.join(", ")}${rest}`,
        "what its template says to retain stays: that is not looked up",
      ];
}

const keepers =
  /::(RDS|DynamoDB|S3|EFS|FSx|Redshift|ElastiCache|Neptune|DocDB|Elasticsearch|OpenSearchService|Cognito|KMS|EC2::Volume|Backup|SecretsManager)(::|$)/;
