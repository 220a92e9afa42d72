import { connect } from "nats";
import { presence } from "../../../services/conversation/src/presence.ts";

export interface Watched {
  readonly asked: number;
  readonly calledGone: number;
}

/** A worker that lives all the time, and another that asks again and again whether it does. */
export async function livingWorker(natsUrl: string, replicas: number) {
  const connected = () => connect({ servers: natsUrl.split(","), maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  const [mine, others] = await Promise.all([connected(), connected()]);
  const worker = await presence(mine, { workerId: "living", replicas });
  const observer = await presence(others, { workerId: "observer", replicas });

  return {
    async watch(stopping: AbortSignal): Promise<Watched> {
      let [asked, calledGone] = [0, 0];
      while (!stopping.aborted) {
        // Without a leader nobody answers, and nothing is taken over.
        const answer = await observer.isGone("living").catch(() => undefined);
        if (answer !== undefined) asked += 1;
        if (answer === true) calledGone += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await Promise.all([worker.leave(), observer.leave()]);
      await Promise.all([mine.close(), others.close()]);
      return { asked, calledGone };
    },
  };
}
