import { DomainError } from "@botfactory/decider";
import type { Projection } from "@botfactory/event-store";
import { trusted } from "mongoose";
import type { AccountFeed } from "../account-feed.ts";
import { invalidField } from "../domain/bot-fields.ts";
import type { BotDocument, BotModel } from "./bot-document.ts";

export interface FindBotsDeps {
  readonly bots: BotModel;
  readonly projection: Pick<Projection, "caughtUpTo">;
  readonly feed: AccountFeed;
}

export interface PageRequest {
  readonly ownerId: string;
  readonly size: number;
  /** Of the page before; empty for the first. */
  readonly token: string;
}

export interface Page {
  readonly bots: readonly BotDocument[];
  readonly nextToken: string;
}

/** One bot of the owner; another owner's bot is not found. */
export async function findBot(
  { bots }: FindBotsDeps,
  { ownerId, botId }: { readonly ownerId: string; readonly botId: string },
): Promise<BotDocument> {
  const found = await asked(() => bots.findOne({ _id: botId, ownerId }).lean<BotDocument>().exec());
  if (found === null) throw new DomainError("not-found", "bot_not_found");
  return found;
}

/** A page of the owner's bots, oldest first. */
export async function findPage({ bots }: FindBotsDeps, { ownerId, size, token }: PageRequest): Promise<Page> {
  const after = token === "" ? {} : trusted({ $or: afterLast(positionOf(token)) });
  const found = await asked(() =>
    bots
      .find({ ...after, ownerId })
      .sort({ createdAt: 1, _id: 1 })
      .limit(size + 1)
      .lean<BotDocument[]>()
      .exec(),
  );
  const page = found.slice(0, size);
  const last = page.at(-1);
  return { bots: page, nextToken: found.length > size && last !== undefined ? tokenOf(last) : "" };
}

/** Lets a caller read what it has just written; 0 waits for nothing. */
export async function waitFor({ projection, feed }: FindBotsDeps, revision: bigint): Promise<void> {
  if (revision > feed.position()) await feed.catchUp();
  // Nobody was ever told of a place behind the log's end, and waiting for it would only look like an outage.
  if (revision > feed.position()) throw invalidField("atLeastRevision", `≤ ${feed.position()}`);
  if (revision === 0n || (await projection.caughtUpTo(Number(revision)))) return;
  throw new DomainError("unavailable", "unavailable");
}

interface Position {
  readonly createdAt: Date;
  readonly id: string;
}

function afterLast({ createdAt, id }: Position) {
  return [{ createdAt: trusted({ $gt: createdAt }) }, { createdAt, _id: trusted({ $gt: id }) }];
}

function tokenOf({ createdAt, _id }: BotDocument): string {
  return `${createdAt.getTime()}-${_id}`;
}

function positionOf(token: string): Position {
  const { time, id } = /^(?<time>\d{1,15})-(?<id>[a-z2-7]{20})$/.exec(token)?.groups ?? {};
  if (time === undefined || id === undefined) {
    throw invalidField("pageToken", "?");
  }
  return { createdAt: new Date(Number(time)), id };
}

/** MongoDB that does not answer makes a query wait for another day, not crash. */
async function asked<Answer>(query: () => Promise<Answer>): Promise<Answer> {
  try {
    return await query();
  } catch (cause) {
    throw new DomainError("unavailable", "unavailable", { cause });
  }
}
