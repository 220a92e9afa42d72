/** The ceiling of grpc-js: unary calls of 400 bytes over loopback, client and server in two processes. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { Client, credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import { answerRuns } from "./runs.ts";

const PATH = "/bench.Echo/Say";
const same = (bytes: Buffer) => bytes;

function serve(): void {
  const server = new Server();
  const method = { path: PATH, requestStream: false, responseStream: false };
  const serialize = { requestSerialize: same, requestDeserialize: same, responseSerialize: same };
  server.addService(
    { say: { ...method, ...serialize, responseDeserialize: same } },
    { say: (call: { request: Buffer }, answer: (error: null, value: Buffer) => void) => answer(null, call.request) },
  );
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_error, port) => process.send?.(port));
}

async function call(): Promise<void> {
  const child = fork(new URL(import.meta.url), ["serve"]);
  // Ends with its parent's channel, whatever ends the parent.
  const [port] = await once(child, "message");
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const body = Buffer.alloc(400, "x");
  answerRuns(
    () =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(PATH, same, same, body, (error) => (error === null ? resolve() : reject(error)));
      }),
  );
}

if (process.argv[2] === "serve") {
  process.once("disconnect", () => process.exit());
  serve();
} else {
  await call();
}
