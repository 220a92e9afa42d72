import { acceptRollback } from "@botfactory/event-store";
import { connectForCommand } from "./connect-for-command.ts";
import { OWNER_OF_STREAM, withDatabase } from "./database.ts";

export interface AcceptOptions {
  readonly natsUrl: string;
  readonly mongodbUrl: string;
  readonly stream: string;
  readonly say: (line: string) => void;
}

/** `botfactory accept-rollback <stream>`: takes the stream as it is now for the truth. */
export async function acceptAsItIs({ natsUrl, mongodbUrl, stream, say }: AcceptOptions): Promise<void> {
  const owner = OWNER_OF_STREAM[stream];
  if (owner === undefined)
    throw new Error(`${stream} is no stream of events: ${Object.keys(OWNER_OF_STREAM).join(", ")}`);
  const nats = await connectForCommand({ url: natsUrl, name: "accept-rollback" });
  try {
    await withDatabase(mongodbUrl, owner, async (database) => {
      if (database === undefined) return;
      const { now, before } = await acceptRollback(nats, database, stream);
      if (before) say(`${stream} was known up to event ${before.sequence}, with ${before.missing} missing`);
      say(`${stream} is accepted up to event ${now.sequence}, with ${now.missing} missing`);
      say("Start the processes that write to it again: they remember what the log has forgotten.");
    });
  } finally {
    await nats.close();
  }
}
