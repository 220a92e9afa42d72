import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { NatsConnection } from "nats";
import { ensureStream, jetStreamEventStore } from "../src/index.ts";
import { claimCodec, claimed } from "./claims.ts";
import { specifyCommandHandler } from "./command-handler-spec.ts";
import { specifyEventStore } from "./event-store-spec.ts";
import { ownNats } from "./own-nats.ts";

describe("the event store on JetStream", () => {
  let nats: NatsConnection;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ nats, stop } = await ownNats());
  });
  afterAll(() => stop());

  const open = async () => {
    await ensureStream(nats, { name: "ACCOUNTS", subjects: ["telegram-bots.*"], appendOnly: true });
    return jetStreamEventStore(nats, { stream: "ACCOUNTS" });
  };
  specifyEventStore(open);

  it("reads a subject whole that is too long for one go, from its start and from its middle", async () => {
    const subject = "telegram-bots.long";
    const writer = await open();
    let [expectedSequence = 0, middle = 0] = [0, 0];
    for (let batch = 0; batch < 24; batch++) {
      if (batch === 3) middle = expectedSequence;
      const events = Array.from({ length: 900 }, () => claimCodec.encode(claimed("b")));
      [expectedSequence = 0] = await writer.append([{ subject, expectedSequence, events }]);
    }
    const sequences = async (after: number) => {
      const reader = await open();
      return (await reader.read(subject, claimCodec, { after })).map(({ sequence }) => sequence);
    };
    const whole = await sequences(0);
    expect(whole).toHaveLength(24 * 900);
    expect(await sequences(middle)).toEqual(whole.slice(3 * 900));
  });
  specifyCommandHandler(open, 50);
});
