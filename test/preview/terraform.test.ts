import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Lookout, openLookout } from "./look.js";

// State files as terraform writes them; and that nothing of a workspace runs to read them.

let place: Lookout;
beforeEach(() => {
  place = openLookout();
});
afterEach(() => place.remove());

const write = (name: string, value: unknown) => {
  const path = join(place.workspace, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
};
const one = (type: string, name: string, ...instances: readonly object[]) => ({
  ...{ mode: "managed", type, name, provider: `provider["registry.terraform.io/hashicorp/aws"]` },
  instances: instances.length === 0 ? [{ schema_version: 0, attributes: {} }] : instances,
});
const state = {
  version: 4,
  terraform_version: "1.11.4",
  serial: 3,
  resources: [
    one("aws_iam_role", "app", { index_key: 0, attributes: {} }, { index_key: 1, attributes: {} }),
    {
      ...one("aws_s3_bucket", "logs", { attributes: { force_destroy: true } }),
      module: 'module.site["a.b"]',
    },
    one("aws_db_instance", "shop", { attributes: { skip_final_snapshot: true, deletion_protection: true } }),
    { ...one("aws_ami", "newest"), mode: "data" },
  ],
};
const seen = [
  'keep data: module.site["a.b"].aws_s3_bucket.logs (with every object in it), aws_db_instance.shop (no final snapshot, deletion protection is on)',
  "its state has 4 resources: aws_s3_bucket, aws_db_instance, aws_iam_role ×2",
];

test("a state in the folder: what keeps data first", async () => {
  const path = write("terraform.tfstate", state);
  const last = `by ${path}, written just now: others may have changed it elsewhere`;
  expect(await place.rows("terraform destroy")).toEqual([...seen, last]);
  expect(await place.rows("tofu destroy -auto-approve")).toEqual([...seen, last]);
  expect(await place.rows("terraform destroy -target=aws_db_instance.shop -target aws_iam_role.app")).toEqual(
    [...seen, "of these goes what aws_db_instance.shop, aws_iam_role.app is, and all that needs it", last],
  );
});

test("in another folder, of another workspace, by another name", async () => {
  write("infra/terraform.tfstate", { ...state, resources: [] });
  write("infra/terraform.tfstate.d/live/terraform.tfstate", state);
  write("infra/own.tfstate", state);
  expect((await place.rows("terraform -chdir=infra destroy"))[0]).toBe("its state has no resources");
  expect(
    (await place.rows("terraform -chdir=infra destroy", { env: { TF_WORKSPACE: "live" } })).slice(0, 2),
  ).toEqual(seen);
  expect((await place.rows("cd infra && terraform destroy -state own.tfstate")).slice(0, 2)).toEqual(seen);
  write("infra/.terraform/environment", "live");
  expect((await place.rows("terraform -chdir=infra destroy")).slice(0, 2)).toEqual(seen);
});

test("what cannot be read without a program is not read", async () => {
  const marker = join(place.base, "ran");
  const provider = write(
    ".terraform/providers/registry.terraform.io/hashicorp/aws/5.0.0/linux_amd64/terraform-provider-aws",
    `#!/bin/sh\ntouch ${marker}\n`,
  );
  chmodSync(provider, 0o755);
  write(
    "main.tf",
    'terraform {\n  required_providers { aws = { source = "hashicorp/aws" } }\n}\nprovider "aws" {}\n',
  );
  expect(await place.rows("terraform destroy")).toEqual([
    expect.stringMatching(/^FAILED: there is no state in /),
  ]);
  write(".terraform/terraform.tfstate", { version: 3, backend: { type: "s3", config: { bucket: "b" } } });
  write("terraform.tfstate", state);
  expect(await place.rows("terraform destroy")).toEqual([
    expect.stringMatching(/^FAILED: its state lies elsewhere \(backend "s3"\)/),
  ]);
  expect(await place.rows("terragrunt destroy")).toEqual([
    expect.stringMatching(/^FAILED: which state terragrunt would use/),
  ]);
  expect(await place.rows("terraform destroy", { env: { TF_CLI_ARGS_destroy: "-state=x" } })).toEqual([
    "FAILED: TF_CLI_ARGS adds options to it",
  ]);
  expect(existsSync(marker)).toBe(false);
});

test("a state that is none", async () => {
  for (const text of ["", "{", "[]", '{"version": 4, "resources": 3}', '{"version": 9, "resources": []}']) {
    write("terraform.tfstate", text);
    expect(await place.rows("terraform destroy")).toEqual([
      expect.stringMatching(/^FAILED: .* is no state that can be read$/),
    ]);
  }
});
