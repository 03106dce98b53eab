import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Stands in for AWS on this machine: answers by the operation's name, and remembers what it was asked. Reached as a proxy
 * of an address elsewhere, for nobody is asked about an endpoint of this machine.
 */
export interface AwsServer {
  readonly proxy: string;
  /** `s3 GET /bucket?list-type=2`, `DescribeDBInstances`, each with the access key that signed it. */
  readonly asked: { readonly what: string; readonly key: string }[];
  close(): Promise<void>;
}

export type Reply = string | { readonly status: number; readonly body: string } | "silence";

/** `reply`: of `what` it is asked, with the request's body. */
export async function startAws(reply: (what: string, body: string) => Reply): Promise<AwsServer> {
  const asked: { what: string; key: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      const target = String(request.headers["x-amz-target"] ?? "");
      const action = new URLSearchParams(body).get("Action");
      const what =
        target !== ""
          ? (target.split(".").at(-1) ?? "")
          : (action ?? `${request.method} ${String(request.url).replace(/^http:\/\/[^/]*/, "")}`);
      const key = /Credential=([^/]*)/.exec(request.headers.authorization ?? "")?.[1] ?? "";
      asked.push({ what, key });
      const said = reply(what, body);
      if (said === "silence") return;
      const { status, body: text } = typeof said === "string" ? { status: 200, body: said } : said;
      response.writeHead(status, {
        "content-type": text.startsWith("{") ? "application/x-amz-json-1.0" : "text/xml",
        ...(what.startsWith("HEAD") ? { "content-length": text.length } : {}),
        "last-modified": new Date(Date.now() - 3 * 86_400_000).toUTCString(),
      });
      response.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = isInternet(address) ? address.port : 0;
  return {
    proxy: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function isInternet(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}

/** `daysAgo(3)` as AWS writes it. */
export function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000 - 60_000).toISOString();
}

export function failure(code: string, message: string, status = 400): Reply {
  return {
    status,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  };
}
