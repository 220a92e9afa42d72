import { once } from "node:events";
import { create, type DescMessage, type Message, type MessageInitShape } from "@bufbuild/protobuf";
import type { ServerWritableStream } from "@grpc/grpc-js";

/** Writes a handler's messages at the pace the client takes them; stops when the client is gone. */
export async function writeAll(
  grpcCall: ServerWritableStream<unknown, Message>,
  output: DescMessage,
  messages: AsyncIterable<MessageInitShape<DescMessage>>,
): Promise<void> {
  const gone = new AbortController();
  grpcCall.once("cancelled", () => gone.abort());
  for await (const message of messages) {
    // A slow reader must slow the handler down instead of filling our memory; one that is gone ends it here.
    if (!grpcCall.write(create(output, message))) await once(grpcCall, "drain", { signal: gone.signal });
  }
}
