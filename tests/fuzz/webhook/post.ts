import fc from "fast-check";
import { expectedAddress } from "../updates/oracle.ts";
import { anyUpdate, type UpdateParts, updateBytes } from "../updates/update.ts";

const SECRETS = [
  "right",
  "none",
  "empty",
  "short",
  "long",
  "wrong",
  "another bot's",
  "twice",
  "in another case",
] as const;
const HEADERS = [
  "X-Telegram-Bot-Api-Secret-Token",
  "x-telegram-bot-api-secret-token",
  "X-TELEGRAM-BOT-API-SECRET-TOKEN",
] as const;
const TYPES = [
  "application/json",
  "application/json; charset=utf-8",
  "APPLICATION/JSON",
  "text/plain",
  "multipart/form-data; boundary=x",
  "a",
  "",
] as const;
const FRAMES = ["length", "chunked", "slow", "pipelined", "gzip", "too long", "too short", "both", "none"] as const;
const PATHS = [
  "",
  "*",
  ">",
  "..",
  "%00",
  "%E0%A4%A",
  "__proto__",
  "a.b",
  "ada/more",
  "x".repeat(5_000),
  "nobody",
] as const;
const SIZES = [0, 1, 511 * 1_024, 512 * 1_024, 512 * 1_024 + 1, 1_048_576, 2_097_152] as const;

/** One post to the webhook by its parts, from which its bytes and its answer follow. */
export interface Post {
  /** Undefined: the bot that is there. */
  readonly path: (typeof PATHS)[number] | undefined;
  readonly method: "POST" | "GET" | "PUT";
  readonly secret: (typeof SECRETS)[number];
  readonly header: (typeof HEADERS)[number];
  readonly type: (typeof TYPES)[number];
  readonly frame: (typeof FRAMES)[number];
  readonly update: UpdateParts;
  /** Bytes of nothing much instead of the update. */
  readonly size: (typeof SIZES)[number] | undefined;
}

const mostly = <T>(usual: T, others: readonly T[], weight: number) =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, fc.constantFrom(...others));

export function anyPost(): fc.Arbitrary<Post> {
  return fc.record({
    path: mostly<Post["path"]>(undefined, PATHS, 20),
    method: mostly<Post["method"]>("POST", ["GET", "PUT"], 30),
    secret: mostly<Post["secret"]>("right", SECRETS, 6),
    header: fc.constantFrom(...HEADERS),
    type: mostly<Post["type"]>("application/json", TYPES, 10),
    frame: mostly<Post["frame"]>("length", FRAMES, 3),
    update: anyUpdate(),
    size: mostly<Post["size"]>(undefined, SIZES, 40),
  });
}

/** A post whose secret is never right. */
export function anyForgedPost(): fc.Arbitrary<Post> {
  const forged = SECRETS.filter((secret) => secret !== "right");
  return fc.record({ post: anyPost(), secret: fc.constantFrom(...forged) }).map(({ post, secret }) => ({
    ...post,
    secret,
    size: undefined,
    frame: post.frame === "too long" || post.frame === "too short" ? "length" : post.frame,
  }));
}

export function bodyOf({ size, update }: Post): Buffer {
  return size === undefined ? updateBytes(update) : Buffer.alloc(size, " ");
}

/** What must be answered: a status, `silence` where the request never ends, and what comes after it on the line. */
export function expectedStatuses(post: Post): readonly number[] {
  const { frame } = post;
  // Node itself refuses what has two lengths, and takes what comes behind a request for the beginning of the next.
  if (frame === "both") return [400];
  const status = statusOf(post);
  return frame === "pipelined" && (status === 200 || isNoRoute(post)) ? [status, status] : [status];
}

/** What the router refuses keeps its connection; a refusal of the webhook itself ends it. */
function isNoRoute({ method, path }: Post): boolean {
  return method !== "POST" || ["", "ada/more", "%E0%A4%A"].includes(path ?? "ada");
}

function statusOf({ path, method, secret, type, frame }: Post): number {
  if (method !== "POST" || path !== undefined) return 404;
  if (secret !== "right") return 401;
  if (frame === "none" || !type.toLowerCase().startsWith("application/json")) return 415;
  return 200;
}

/** Whether an update is put into its chat's queue; the rest of what is accepted is set aside. */
export function isStored(post: Post): boolean {
  const whole = post.frame !== "gzip" && post.frame !== "too short" && post.size === undefined;
  return whole && expectedStatuses(post)[0] === 200 && typeof expectedAddress(post.update) === "object";
}
