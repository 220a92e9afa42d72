import { freshNats } from "@botfactory/infrastructure";
import { connect } from "nats";

/** A server of this test file alone, and a connection to it. */
export async function ownNats() {
  const server = await freshNats();
  const nats = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  const stop = async () => {
    await nats.close();
    await server.stop();
  };
  return { nats, url: server.url, stop };
}
