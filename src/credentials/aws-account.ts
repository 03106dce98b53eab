/**
 * The twelve digits of the account that an AWS access key id was made in. Undefined for ids of the old generation, which do not hold it.
 * The sixteen signs behind the prefix are base32: one bit for the generation, then forty for the account.
 * https://awsteele.com/blog/2020/09/26/aws-access-key-format.html,
 * https://labs.withsecure.com/publications/a-bitwise-analysis-of-aws-access-key-identifiers.html
 */
export function awsAccountOf(id: string): string | undefined {
  const [, coded] = /^A[A-Z]{3}([A-Z2-7]{16})$/.exec(id) ?? [];
  if (coded === undefined) return undefined;
  let bits = 0n;
  for (const sign of coded.slice(0, 9)) bits = (bits << 5n) | BigInt(alphabet.indexOf(sign));
  const isNew = bits >> 44n === 1n;
  if (!isNew) return undefined;
  const account = (bits >> 4n) & 0xff_ffff_ffffn;
  return account > 999_999_999_999n ? undefined : account.toString().padStart(12, "0");
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
