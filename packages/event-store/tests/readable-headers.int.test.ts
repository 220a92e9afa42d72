import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { connect, type NatsConnection } from "nats";
// The least a service loads that hears from a log.
import "../src/streams.ts";

const INFO = JSON.stringify({ server_id: "X", version: "2.12.0", proto: 1, headers: true, max_payload: 1_048_576 });
/** As a server sends a stored message whose length of headers has a flipped bit: payload counts as headers. */
const UNREADABLE = "NATS/1.0\r\nce-id: 1\nx\r\n\r\n";

let nats: NatsConnection;
const server = createServer((socket) => {
  socket.write(`INFO ${INFO}\r\n`);
  socket.on("data", (bytes) => answer(socket, bytes.toString()));
});

function answer(socket: Socket, said: string): void {
  for (const _ of said.matchAll(/PING\r\n/g)) socket.write("PONG\r\n");
  const reply = /H?PUB ask (\S+)/.exec(said)?.[1];
  if (reply !== undefined)
    socket.write(`HMSG ${reply} 1 ${UNREADABLE.length} ${UNREADABLE.length + 2}\r\n${UNREADABLE}ok\r\n`);
}

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  nats = await connect({ port: typeof address === "object" && address !== null ? address.port : 0 });
});
afterAll(async () => {
  await nats.close();
  server.close();
});

describe("a message whose headers cannot be read", () => {
  it("comes without headers, and the connection goes on", async () => {
    for (let asked = 0; asked < 2; asked++) {
      const message = await nats.request("ask", "", { timeout: 2_000 });
      expect(message.string()).toBe("ok");
      expect(message.headers?.get("ce-id")).toBe("");
    }
  });
});
