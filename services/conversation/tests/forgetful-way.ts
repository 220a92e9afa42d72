import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

/** A way to NATS on which the first request with some words gets lost. */
export async function forgetfulWay(natsUrl: string, words: string) {
  const { hostname, port } = new URL(natsUrl);
  let isForgotten = false;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    far.pipe(near);
    near.on("data", (sent) => {
      if (isForgotten || !sent.includes(words)) return void far.write(sent);
      isForgotten = true;
    });
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    for (const end of [near, far]) end.on("error", () => end.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isForgotten: () => isForgotten,
    close: () => server.close(),
  };
}
