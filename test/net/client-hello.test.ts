import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { connect } from "node:tls";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ClientHello, readClientHello } from "../../src/net/client-hello.js";

/** The first bytes that Node's own TLS sends. */
async function helloOf(options: { readonly servername?: string; readonly ALPNProtocols?: string[] }) {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const accepted = once(server, "connection");
  const client = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
  client.on("error", () => {});
  const [socket]: Socket[] = await accepted;
  let bytes = Buffer.alloc(0);
  while (readClientHello(bytes) === "more") {
    const [chunk]: Buffer[] = await once(socket as Socket, "data");
    bytes = Buffer.concat([bytes, chunk ?? Buffer.alloc(0)]);
  }
  client.destroy();
  server.close();
  return bytes;
}

test("the name and the protocols of a real client, whole and byte by byte", async () => {
  const bytes = await helloOf({ servername: "API.example.com", ALPNProtocols: ["h2", "http/1.1"] });
  const hello: ClientHello = { serverName: "api.example.com", protocols: ["h2", "http/1.1"] };
  expect(readClientHello(bytes)).toEqual(hello);
  for (let at = 1; at < bytes.length; at++) expect(readClientHello(bytes.subarray(0, at))).toBe("more");
  expect(readClientHello(Buffer.concat([bytes, Buffer.from("more")]))).toEqual(hello);
});

test("a client that names nobody", async () => {
  expect(readClientHello(await helloOf({}))).toEqual({ serverName: undefined, protocols: [] });
});

test("a greeting that is cut into many records", async () => {
  const bytes = await helloOf({ servername: "a.example.com" });
  const message = bytes.subarray(5);
  const cut = Buffer.concat(
    Array.from({ length: Math.ceil(message.length / 7) }, (_, at) => {
      const part = message.subarray(7 * at, 7 * at + 7);
      return Buffer.concat([Buffer.from([0x16, 3, 1, 0, part.length]), part]);
    }),
  );
  expect(readClientHello(cut)).toEqual({ serverName: "a.example.com", protocols: [] });
});

test.each(["GET / HTTP/1.1\r\n", "SSH-2.0-OpenSSH\r\n", "\u0000\u0000\u0000\u0008"])("no TLS: %j", (text) => {
  expect(readClientHello(Buffer.from(text, "latin1"))).toBe("other");
});

test("whatever else begins so is no greeting, and nothing goes wrong", async () => {
  const real = await helloOf({ servername: "a.example.com", ALPNProtocols: ["h2"] });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
      const bytes = Buffer.from(real);
      for (const [at, value] of changes) bytes[at] = value;
      const found = readClientHello(bytes);
      return typeof found === "string" ? ["more", "other"].includes(found) : Array.isArray(found.protocols);
    }),
    { numRuns: 3000 },
  );
});
