import type { DescMethod, DescService, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { Call } from "./call.ts";

/** How one method is answered: a promise, or an async iterable for server streaming. Throw a `DomainError` to refuse. */
export type Handler<Method extends DescMethod> = Method extends { readonly methodKind: "unary" }
  ? (request: MessageShape<Method["input"]>, call: Call) => Promise<MessageInitShape<Method["output"]>>
  : Method extends { readonly methodKind: "server_streaming" }
    ? (request: MessageShape<Method["input"]>, call: Call) => AsyncIterable<MessageInitShape<Method["output"]>>
    : never;

/** A handler for every method of a service. */
export type Handlers<Service extends DescService> = {
  readonly [Name in keyof Service["method"]]: Handler<Service["method"][Name]>;
};
