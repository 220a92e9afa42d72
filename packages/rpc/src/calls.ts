import { create, type DescMessage, type DescMethod, type Message, type MessageInitShape } from "@bufbuild/protobuf";
import { type Client, type CallOptions as GrpcCallOptions, type ServiceError, status } from "@grpc/grpc-js";
import { toMethodDefinition } from "./definition.ts";
import { abortReason, type CallOptions, deadlineOf, metadataFor, signalsOf, whenAborted } from "./outgoing-call.ts";
import type { ServiceIdentity } from "./service-identity.ts";
import { fromServiceError } from "./status.ts";
import { endSpan, inside, startClientSpan } from "./tracing.ts";

/** One method of one client. */
export interface Calling {
  readonly method: DescMethod;
  readonly channel: Client;
  readonly deadlineMs: number;
  readonly identity?: ServiceIdentity;
}

type Request = MessageInitShape<DescMessage>;

/** Makes the function that calls a unary method. */
export function callUnary(calling: Calling) {
  return async (request: Request, options: CallOptions = {}): Promise<Message> => {
    const outgoing = await prepare(calling, options);
    try {
      const response = await inside(outgoing.span, () =>
        send(calling, create(calling.method.input, request), outgoing),
      );
      endSpan(outgoing.span, status.OK);
      return response;
    } catch (error) {
      throw failed(outgoing, error);
    }
  };
}

/** Makes the function that calls a server-streaming method; the call starts with the first `next()`. */
export function callStreaming({ method, channel, ...calling }: Calling) {
  const { path, requestSerialize, responseDeserialize } = toMethodDefinition(method);
  return async function* (request: Request, options: CallOptions = {}): AsyncGenerator<Message> {
    const outgoing = await prepare({ method, channel, ...calling }, options);
    const { metadata, limits, signals } = outgoing;
    const message = create(method.input, request);
    const stream = channel.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      message,
      metadata,
      limits,
    );
    const forget = whenAborted(signals, () => stream.cancel());
    try {
      yield* stream;
      endSpan(outgoing.span, status.OK);
    } catch (error) {
      throw failed(outgoing, error);
    } finally {
      forget();
      // A consumer that stops early must leave neither the server working nor the span open.
      stream.cancel();
      if (outgoing.span.isRecording()) endSpan(outgoing.span, status.CANCELLED);
    }
  };
}

async function prepare({ method, deadlineMs, identity }: Calling, options: CallOptions) {
  const limits: GrpcCallOptions = { deadline: deadlineOf(options.deadlineMs ?? deadlineMs) };
  const signals = signalsOf(options);
  const metadata = await metadataFor(options, identity);
  return { limits, signals, metadata, span: startClientSpan(method, metadata) };
}

type Outgoing = Awaited<ReturnType<typeof prepare>>;

function send(
  { method, channel }: Calling,
  request: Message,
  { metadata, limits, signals }: Outgoing,
): Promise<Message> {
  const { path, requestSerialize, responseDeserialize } = toMethodDefinition(method);
  return new Promise((resolve, reject) => {
    const done = (error: ServiceError | null, response?: Message) => {
      forget();
      if (response === undefined) reject(error);
      else resolve(response);
    };
    const call = channel.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, limits, done);
    const forget = whenAborted(signals, () => call.cancel());
  });
}

function failed({ span, signals }: Outgoing, error: unknown): unknown {
  const cancelled = abortReason(signals);
  const failure = isServiceError(error) ? fromServiceError(error) : asError(error);
  endSpan(span, isServiceError(error) ? error.code : status.UNKNOWN, failure);
  return cancelled === undefined ? failure : cancelled.reason;
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && "metadata" in error;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
