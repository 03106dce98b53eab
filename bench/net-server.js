// node bench/net-server.js FOLDER: an HTTPS server on loopback for the measures of the network layer. Writes its certificate to
// FOLDER/server.pem and its port to FOLDER/port; ends with its stdin.
import { once } from "node:events";
import { renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { generate } from "selfsigned";

const folder = process.argv[2] ?? ".";
const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], {
  keyType: "ec",
  algorithm: "sha256",
  extensions: [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] },
  ],
});
const small = Buffer.alloc(1024, "x");
const large = Buffer.alloc(1 << 20, "x");
const server = createServer({ key, cert }, async (request, response) => {
  const megabytes = Number(/^\/(\d+)MB$/.exec(request.url)?.[1] ?? 0);
  if (megabytes === 0) return response.end(small);
  for (let sent = 0; sent < megabytes; sent++) if (!response.write(large)) await once(response, "drain");
  response.end();
});
server.listen(0, "127.0.0.1", () => {
  writeFileSync(join(folder, "server.pem"), cert);
  writeFileSync(join(folder, "port.new"), String(server.address().port));
  renameSync(join(folder, "port.new"), join(folder, "port"));
});
process.stdin.resume().on("end", () => process.exit());
