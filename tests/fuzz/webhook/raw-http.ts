import { once } from "node:events";
import { connect } from "node:net";
import { bodyOf, type Post } from "./post.ts";

export interface Secrets {
  readonly botId: string;
  readonly secret: string;
  readonly others: string;
}

/** Sends a post as its parts say, byte by byte where they want it so, and gives the statuses and bodies of the answers. */
export async function send(port: number, post: Post, known: Secrets): Promise<readonly Answer[]> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  let received = "";
  socket.setEncoding("latin1").on("data", (data: string) => {
    received += data;
  });
  // A refusal may come while the body is still on its way; that the rest is not taken is no failure.
  socket.on("error", () => undefined);
  await once(socket, "connect");
  const closed = new Promise((resolve) => socket.once("close", resolve));
  for (const piece of piecesOf(post, known)) {
    if (!socket.writable) break;
    if (!socket.write(piece)) await Promise.race([once(socket, "drain").catch(() => undefined), closed]);
    if (post.frame === "slow") await new Promise((resolve) => setImmediate(resolve));
  }
  if (post.frame === "too long") socket.end();
  await closed;
  return answersIn(received);
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

function answersIn(received: string): Answer[] {
  return received
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((answer) => answer !== "")
    .map((answer) => ({
      status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]),
      body: answer.slice(answer.indexOf("\r\n\r\n") + 4),
    }));
}

function piecesOf(post: Post, known: Secrets): readonly Buffer[] {
  const body = bodyOf(post);
  const head = (last: boolean) => Buffer.from(headOf(post, known, { length: body.length, last }), "latin1");
  switch (post.frame) {
    case "none":
      return [head(true)];
    case "chunked":
      return [head(true), ...chunksOf(body)];
    case "slow":
      return [...cut(Buffer.concat([head(true), body]), 16)];
    case "pipelined":
      return [Buffer.concat([head(false), body, head(true), body])];
    case "too short":
      return [Buffer.concat([head(true), body, Buffer.from("\r\nmore than was said")])];
    default:
      return [head(true), body];
  }
}

function chunksOf(body: Buffer): readonly Buffer[] {
  const chunks = cut(body, 7).map((part) =>
    Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")]),
  );
  return [...chunks, Buffer.from("0\r\n\r\n")];
}

function cut(bytes: Buffer, into: number): readonly Buffer[] {
  const size = Math.max(1, Math.ceil(bytes.length / into));
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}

interface Line {
  readonly length: number;
  /** Of the connection: it is closed after this request. */
  readonly last: boolean;
}

function headOf(post: Post, known: Secrets, { length, last }: Line): string {
  const { method, path = known.botId, header, type } = post;
  const secrets = secretsOf(post, known).map((secret) => `${header}: ${secret}`);
  const lines = [
    `${method} /telegram/webhook/${path} HTTP/1.1`,
    "Host: ingress",
    ...(last ? ["Connection: close"] : []),
    ...(type === "" ? [] : [`Content-Type: ${type}`]),
    ...secrets,
    ...frameOf(post, length),
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function frameOf({ frame }: Post, length: number): readonly string[] {
  switch (frame) {
    case "none":
      return [];
    case "chunked":
      return ["Transfer-Encoding: chunked"];
    case "gzip":
      return [`Content-Length: ${length}`, "Content-Encoding: gzip"];
    case "too long":
      return [`Content-Length: ${length + 10}`];
    case "both":
      return [`Content-Length: ${length}`, "Transfer-Encoding: chunked"];
    default:
      return [`Content-Length: ${length}`];
  }
}

function secretsOf({ secret }: Post, { secret: right, others }: Secrets): readonly string[] {
  switch (secret) {
    case "right":
      return [right];
    case "none":
      return [];
    case "empty":
      return [""];
    case "short":
      return [right.slice(0, -1)];
    case "long":
      return [`${right}a`];
    case "wrong":
      return ["A".repeat(right.length)];
    case "another bot's":
      return [others];
    case "twice":
      return [right, right];
    case "in another case":
      return [right.toUpperCase() === right ? right.toLowerCase() : right.toUpperCase()];
  }
}
