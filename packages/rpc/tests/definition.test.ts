import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type DescMessage, type DescService, type Message, toJson } from "@bufbuild/protobuf";
import type { MethodDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { toServiceDefinition } from "../src/index.ts";
import { anyMessage } from "./support/any-message.ts";

const productProtos = fileURLToPath(new URL("../../../proto", import.meta.url));
const testProtos = fileURLToPath(new URL("./proto", import.meta.url));

const services = await allServices();
const oracle = loadSync(
  [...protosIn(productProtos), ...protosIn(testProtos)],
  // As protobuf's JSON, so that values can be compared with ours.
  {
    includeDirs: [productProtos, testProtos],
    longs: String,
    enums: String,
    bytes: String,
    keepCase: true,
    json: true,
    oneofs: false,
  },
);

describe.each(services)("%s", (name, service) => {
  const ours: Record<string, MethodDefinition<Message, Message>> = toServiceDefinition(service);
  const theirs = new Map(Object.entries(oracle[name] ?? {}));

  it.each(service.methods.map((method) => [method.name, method] as const))(
    "%s is the same on the wire as grpc-js's own loader makes it",
    (methodName, method) => {
      const [mine, other] = [ours[method.localName], theirs.get(methodName)];
      if (mine === undefined || other === undefined) throw new Error(`${methodName} is missing`);
      const { path, requestStream, responseStream } = mine;
      expect({ path, requestStream, responseStream }).toEqual({
        path: other.path,
        requestStream: other.requestStream,
        responseStream: other.responseStream,
      });
      agree(
        method.input,
        [mine.requestSerialize, mine.requestDeserialize],
        [other.requestSerialize, other.requestDeserialize],
      );
      agree(
        method.output,
        [mine.responseSerialize, mine.responseDeserialize],
        [other.responseSerialize, other.responseDeserialize],
      );
    },
  );
});

type Codec<Value> = readonly [serialize: (value: Value) => Buffer, deserialize: (bytes: Buffer) => Value];

function agree(type: DescMessage, [write, read]: Codec<Message>, [writeOther, readOther]: Codec<object>): void {
  fc.assert(
    fc.property(anyMessage(type), (message) => {
      const bytes = write(message);
      const other = readOther(bytes);
      expect(other).toEqual(toJson(type, message, { useProtoFieldName: true }));
      const back = writeOther(other);
      expect(back.equals(bytes)).toBe(true);
      expect(read(back)).toEqual(message);
    }),
    { numRuns: 100 },
  );
}

async function allServices(): Promise<[string, DescService][]> {
  const product = protosIn(productProtos).map((file) => import(`@botfactory/proto/${importPath(file)}`));
  const modules = await Promise.all([...product, import("./proto/gen/echo_pb.ts")]);
  const exported = modules.flatMap((module) => Object.values<{ kind?: unknown }>(module));
  return exported.filter(isService).map((service) => [service.typeName, service]);
}

function isService(value: { kind?: unknown }): value is DescService {
  return value.kind === "service";
}

function protosIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".proto"));
}

function importPath(file: string): string {
  return file.replace(/^botfactory\//, "").replace(/\.proto$/, "");
}
