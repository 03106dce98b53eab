import { type Candidate, decodeBase64, type Source } from "./source.js";

/**
 * A JSON web token. What it says of itself tells whose it is, and whether it is one at all: the manuals' example, a key
 * that Supabase gives to every browser, and what is written on every developer's own machine, are none.
 */
export function readWebToken(
  candidate: Omit<Candidate, "kind">,
  { text, file }: Source,
): Candidate | undefined {
  const [head = "", body = "", signature = ""] = candidate.value.split(".");
  const header = decodeBase64(head);
  const claims = decodeBase64(body);
  // `{"alg"` in the header; five parts are an encrypted one, whose claims nobody reads.
  if (header === undefined || !/"(?:alg|typ|enc)"/.test(header)) return undefined;
  if (text[candidate.end] === "." || signature.length < 16 || /^(.)\1+$/.test(signature)) return undefined;
  if (claims === undefined) return { ...candidate, kind: "jwt" };
  const claim = (name: string): string | undefined =>
    new RegExp(`"${name}"\\s*:\\s*"?([^",}]{1,300})`).exec(claims)?.[1];
  if (claim("sub") === "1234567890" || claim("name") === "John Doe") return undefined;
  if (claim("role") === "anon" || claim("iss") === "supabase-demo") return undefined;
  if (claim("role") === "service_role") {
    const project = claim("ref");
    return {
      ...candidate,
      kind: "supabase-service",
      ...(project === undefined ? {} : { target: `https://${project}.supabase.co` }),
    };
  }
  const issuer = claim("iss");
  // Tests sign their own, by the dozen, for nobody.
  if (file.isSample && issuer?.includes(".") !== true) return undefined;
  return {
    ...candidate,
    kind: issuer?.includes("kubernetes") === true ? "kubernetes" : "jwt",
    ...(issuer === undefined ? {} : { target: issuer }),
    ...(isOver(claim("exp")) ? { confidence: "low" } : {}),
  };
}

function isOver(seconds: string | undefined): boolean {
  return seconds !== undefined && /^\d{9,11}$/.test(seconds) && Number(seconds) * 1000 < Date.now();
}
