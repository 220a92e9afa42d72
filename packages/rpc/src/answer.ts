import { DomainError } from "@botfactory/decider";
import { create, type DescMessage, type DescMethod, type Message, type MessageInitShape } from "@bufbuild/protobuf";
import { Metadata, type ServerWritableStream, type StatusObject, type sendUnaryData, status } from "@grpc/grpc-js";
import { type AccessRule, checkAccess } from "./access.ts";
import type { Authenticate } from "./authenticate.ts";
import { type Call, type GrpcCall, limitsOf, within } from "./call.ts";
import { recordCall } from "./call-metrics.ts";
import type { Caller } from "./caller.ts";
import { checkCarrier } from "./carrier.ts";
import type { MutualTls } from "./mutual-tls.ts";
import { toStatus } from "./status.ts";
import { endSpan, inside, startServerSpan } from "./tracing.ts";
import { decodable, type UNDECODABLE } from "./undecodable.ts";
import { writeAll } from "./write-all.ts";

/** The part of a pino logger the server uses. */
export interface RpcLogger {
  error(fields: object, message: string): void;
  debug(fields: object, message: string): void;
}

/** One method with everything needed to answer it. */
export interface Answering {
  readonly method: DescMethod;
  readonly rule: AccessRule;
  readonly authenticate: Authenticate;
  readonly logger: RpcLogger;
  readonly tls?: Pick<MutualTls, "carrierOf"> | undefined;
}

type Reply = MessageInitShape<DescMessage>;
type Received = Message | typeof UNDECODABLE;

/** Answers a unary call. */
export function unary(answering: Answering, handle: (request: Message, call: Call) => Promise<Reply>) {
  return (grpcCall: GrpcCall & { request: Received }, respond: sendUnaryData<Message>): void => {
    void guarded(answering, grpcCall, async (call) => {
      const response = create(answering.method.output, await handle(decodable(grpcCall.request), call));
      respond(null, response);
    }).then((failure) => failure && respond(failure));
  };
}

/** Answers a server-streaming call. */
export function streaming(answering: Answering, handle: (request: Message, call: Call) => AsyncIterable<Reply>) {
  return (grpcCall: ServerWritableStream<Received, Message>): void => {
    void guarded(answering, grpcCall, async (call) => {
      await writeAll(grpcCall, answering.method.output, handle(decodable(grpcCall.request), call));
      grpcCall.end();
    }).then((failure) => failure && grpcCall.emit("error", failure));
  };
}

/** Admits the caller, runs the work in the call's span and limits, and gives the status of what went wrong. */
async function guarded(
  answering: Answering,
  grpcCall: GrpcCall,
  work: (call: Call) => Promise<void>,
): Promise<StatusObject | undefined> {
  const limits = limitsOf(grpcCall);
  const { metadata } = grpcCall;
  const span = startServerSpan(answering.method, metadata);
  const startedAt = performance.now();
  // What is logged belongs inside too: a line without the trace's ids is not found by them.
  return inside(span, async () => {
    try {
      const caller = await admitted(answering, grpcCall);
      await within(limits, () => work({ caller, metadata, ...limits }));
      endSpan(span, status.OK);
      recordCall(answering.method, status.OK, startedAt);
      answering.logger.debug({ rpc: nameOf(answering) }, "a call was answered");
      return undefined;
    } catch (error) {
      const failure = limits.signal.aborted ? cancelled() : toStatus(error);
      endSpan(span, failure.code, error instanceof DomainError ? undefined : asError(error));
      recordCall(answering.method, failure.code, startedAt);
      report(answering, failure, error);
      return failure;
    }
  });
}

/** Who calls, where certificate, token and the method's rule all agree. */
async function admitted({ tls, authenticate, rule }: Answering, call: GrpcCall): Promise<Caller> {
  const carrier = tls?.carrierOf(call.getAuthContext().sslPeerCertificate);
  const caller = await authenticate(call.metadata);
  if (carrier !== undefined) checkCarrier(caller, carrier);
  checkAccess(rule, caller);
  return caller;
}

function nameOf({ method }: Answering): string {
  return `${method.parent.typeName}/${method.name}`;
}

function report(answering: Answering, { code }: StatusObject, error: unknown): void {
  const fields = { err: error, rpc: nameOf(answering), status: status[code] };
  if (code === status.INTERNAL) answering.logger.error(fields, "a call crashed");
  else answering.logger.debug(fields, "a call was refused");
}

function cancelled(): StatusObject {
  return { code: status.CANCELLED, details: "cancelled", metadata: new Metadata() };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
