import {
  type DescMessage,
  type DescMethod,
  type DescService,
  fromBinary,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import type { MethodDefinition } from "@grpc/grpc-js";
import { UNDECODABLE } from "./undecodable.ts";

/** A service's methods as grpc-js wants them, under the names protobuf-es gives them (`createBot`). */
export type DefinitionOf<Service extends DescService> = {
  readonly [Name in keyof Service["method"]]: MethodDefinition<
    MessageShape<Service["method"][Name]["input"]>,
    MessageShape<Service["method"][Name]["output"]>
  >;
};

/** Turns a protobuf-es service into a grpc-js `ServiceDefinition`; works for all four kinds of streaming. */
export function toServiceDefinition<Service extends DescService>(service: Service): DefinitionOf<Service> {
  const methods = service.methods.map((method) => [method.localName, served(toMethodDefinition(method))]);
  // The descriptor lists exactly the methods its type has; fromEntries cannot express that.
  return Object.fromEntries(methods) as DefinitionOf<Service>;
}

/** The method for a server: bytes that are no message reach its handler's guard instead of becoming INTERNAL. */
function served<Request, Response>(definition: MethodDefinition<Request, Response>) {
  const requestDeserialize = (bytes: Buffer) => {
    try {
      return definition.requestDeserialize(bytes);
    } catch {
      return UNDECODABLE;
    }
  };
  return { ...definition, requestDeserialize };
}

/** One method as grpc-js wants it. */
export function toMethodDefinition<Input extends DescMessage, Output extends DescMessage>(
  method: DescMethod & { readonly input: Input; readonly output: Output },
): MethodDefinition<MessageShape<Input>, MessageShape<Output>> {
  const { input, output, methodKind } = method;
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    originalName: method.localName,
    requestStream: methodKind === "client_streaming" || methodKind === "bidi_streaming",
    responseStream: methodKind === "server_streaming" || methodKind === "bidi_streaming",
    requestSerialize: (request) => Buffer.from(toBinary(input, request)),
    requestDeserialize: (bytes) => fromBinary(input, bytes),
    responseSerialize: (response) => Buffer.from(toBinary(output, response)),
    responseDeserialize: (bytes) => fromBinary(output, bytes),
  };
}
