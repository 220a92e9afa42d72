import { Events, type NatsConnection } from "nats";

/** Whether the connection stands right now, and word of each time it came back. */
export interface ConnectionState {
  isConnected(): boolean;
  onReconnect(listener: () => void): void;
}

export function connectionState(nats: NatsConnection): ConnectionState {
  let connected = !nats.isClosed();
  const listeners: (() => void)[] = [];

  async function follow(): Promise<void> {
    for await (const { type } of nats.status()) {
      if (type === Events.Disconnect) connected = false;
      if (type !== Events.Reconnect) continue;
      connected = true;
      for (const listener of listeners) listener();
    }
    connected = false;
  }
  void follow();
  return { isConnected: () => connected, onReconnect: (listener) => void listeners.push(listener) };
}
