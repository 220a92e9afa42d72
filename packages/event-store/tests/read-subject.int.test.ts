import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { headers, type Msg, type NatsConnection } from "nats";
import { LogUnavailable } from "../src/index.ts";
import { readSubject } from "../src/read-subject.ts";
import { ownNats } from "./own-nats.ts";

let nats: NatsConnection;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ nats, stop } = await ownNats());
});
afterAll(() => stop());

/** An answer as nats-server sends it: a message with its own and its predecessor's sequence, or the end of the batch. */
type Answer = { readonly seq: number; readonly previous: number } | { readonly end: number; readonly pending: number };

let replicas = 0;
/** A replica that answers every direct get of its stream with just these messages. */
function replica(...answers: readonly Answer[]): { stream: string; subject: string } {
  const stream = `FAKE${++replicas}`;
  const respond = (request: Msg) => {
    for (const answer of answers) {
      const isEnd = "end" in answer;
      const all = isEnd ? headers(204, "EOB") : headers();
      all.set("Nats-Last-Sequence", String(isEnd ? answer.end : answer.previous));
      if (isEnd) all.set("Nats-Num-Pending", String(answer.pending));
      else all.set("Nats-Sequence", String(answer.seq));
      request.respond(isEnd ? new Uint8Array() : Uint8Array.of(1), { headers: all });
    }
  };
  nats.subscribe(`$JS.API.DIRECT.GET.${stream}`, { callback: (_, request) => respond(request) });
  return { stream, subject: "events.1" };
}

describe("reading a subject from a replica", () => {
  it("takes what the replica has when that is all there is to be", async () => {
    const at = replica({ seq: 3, previous: 0 }, { seq: 9, previous: 3 }, { end: 9, pending: 0 });
    expect((await readSubject(nats, at, { from: 1, to: 9 })).map(({ sequence }) => sequence)).toEqual([3, 9]);
  });

  it("is refused when the replica has not got everything the leader has", async () => {
    const at = replica({ seq: 3, previous: 0 }, { end: 3, pending: 0 });
    await expect(readSubject(nats, at, { from: 1, to: 9 })).rejects.toThrow("(missing)");
  });

  it.each([
    [
      "first",
      [
        { seq: 9, previous: 3 },
        { end: 9, pending: 0 },
      ],
    ],
    [
      "middle",
      [
        { seq: 3, previous: 0 },
        { seq: 9, previous: 5 },
        { end: 9, pending: 0 },
      ],
    ],
    [
      "last",
      [
        { seq: 3, previous: 0 },
        { end: 9, pending: 0 },
      ],
    ],
  ])("is refused when the %s message got lost on the way", async (_, answers) => {
    await expect(readSubject(nats, replica(...answers), { from: 1, to: 9 })).rejects.toThrow("got lost");
  });

  it("is refused when the end never comes", async () => {
    const reading = readSubject(nats, replica({ seq: 3, previous: 0 }), { from: 1, to: 9 });
    await expect(reading).rejects.toThrow(LogUnavailable);
  });
});
