import { WebhookRegistrationSchema } from "@botfactory/proto/webhooks/v1/registration";
import { create } from "@bufbuild/protobuf";
import { connect } from "nats";
import { updateLog } from "../../../services/ingress/src/update-log.ts";
import type { Writer } from "./writer.ts";

/** Posts the updates of one chat through ingress's way into the log, each until it is acknowledged, as Telegram does. */
export async function updateWriter(natsUrl: string, botId: string): Promise<Writer> {
  const nats = await connect({ servers: natsUrl.split(","), maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  const log = updateLog(nats);
  const registration = create(WebhookRegistrationSchema, { botId, chatKeySecret: new Uint8Array(32).fill(7) });
  const acknowledged: string[] = [];
  let updateId = 0;

  const post = (id: number) =>
    log.store(
      registration,
      Buffer.from(JSON.stringify({ update_id: id, message: { message_id: id, chat: { id: 1 } } })),
    );

  return {
    acknowledged,
    async write(stopping) {
      while (!stopping.aborted) {
        updateId += 1;
        while (!stopping.aborted && !(await isTaken(post(updateId))));
        if (!stopping.aborted) acknowledged.push(String(updateId));
      }
    },
    async stored() {
      const { streams } = await nats.jetstreamManager();
      const found: string[] = [];
      const subject = `updates.${botId}.>`;
      for (let seq = 1; ; ) {
        // The client's types do not know next_by_subj; the server does.
        const query = { seq, next_by_subj: subject };
        const message = await streams.getMessage("UPDATES", query).catch(() => undefined);
        if (message === undefined) return found;
        found.push(message.header.get("Telegram-Update-Id"));
        seq = message.seq + 1;
      }
    },
    close: () => nats.close(),
  };
}

async function isTaken(posting: Promise<unknown>): Promise<boolean> {
  return posting.then(
    () => true,
    () => false,
  );
}
