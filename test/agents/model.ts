import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A model on loopback that follows a script: one shell command after another, then a last word. */
export interface Model {
  /** Without a path and without a slash at its end. */
  readonly url: string;
  /** What each command brought back, as the agent's last request told it. */
  results(): readonly string[];
  /** Bodies of all requests, oldest first. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** How an agent speaks with its model. */
export interface Dialect {
  /** The results of tools that a request holds, oldest first; undefined for a request that offers no tools, as one for a title. */
  results(body: unknown): readonly string[] | undefined;
  /** The body that has the agent run a command; `at` counts from 0. */
  run(command: string, at: number): Reply;
  say(text: string): Reply;
}

export interface Reply {
  readonly type: "text/event-stream" | "application/json";
  readonly body: string;
}

/** What the model says when every command is behind it. */
export const lastWord = "All of it is done now.";

/** Starts it on a free port. How far a conversation is stands in its requests alone, so that repeated ones do no harm. */
export async function startModel(dialect: Dialect, commands: readonly string[]): Promise<Model> {
  const requests: string[] = [];
  let results: readonly string[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      if (request.method !== "POST") return send(response, { type: "application/json", body: "{}" });
      requests.push(body);
      const seen = dialect.results(JSON.parse(body));
      if (seen === undefined) return send(response, dialect.say("A title"));
      results = seen;
      const next = commands[seen.length];
      send(response, next === undefined ? dialect.say(lastWord) : dialect.run(next, seen.length));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the model has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    results: () => results,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Server-sent events; a named one says its name twice, as OpenAI's Responses API does. */
export function events(all: readonly (readonly [name: string | undefined, data: unknown])[]): Reply {
  const body = all
    .map(([name, data]) => {
      const text = typeof data === "string" ? data : JSON.stringify(data);
      return `${name === undefined ? "" : `event: ${name}\n`}data: ${text}\n\n`;
    })
    .join("");
  return { type: "text/event-stream", body };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, { type, body }: Reply): void {
  response.setHeader("content-type", type);
  response.end(body);
}
