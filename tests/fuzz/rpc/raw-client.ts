import type { DescMethod } from "@bufbuild/protobuf";
import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";

const same = (bytes: Buffer) => bytes;
const DEADLINE_MS = 10_000;

/** Sends bytes as a request, whatever they are, and gives the status they were answered with. */
export function rawClient(address: string) {
  const client = new Client(address, credentials.createInsecure());

  function call({ parent, name, methodKind }: DescMethod, bytes: Uint8Array, bearer: string): Promise<status> {
    const path = `/${parent.typeName}/${name}`;
    const metadata = new Metadata();
    if (bearer !== "") metadata.set("authorization", `Bearer ${bearer}`);
    const limits = { deadline: Date.now() + DEADLINE_MS };
    return new Promise((resolve) => {
      const done = (error: ServiceError | null) => resolve(error?.code ?? status.OK);
      if (methodKind === "unary") client.makeUnaryRequest(path, same, same, Buffer.from(bytes), metadata, limits, done);
      else {
        const parts = client.makeServerStreamRequest(path, same, same, Buffer.from(bytes), metadata, limits);
        parts
          .on("data", () => undefined)
          .once("error", done)
          .once("end", () => done(null));
      }
    });
  }
  return { call, close: () => client.close() };
}
