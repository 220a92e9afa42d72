import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

/** A way to NATS on which the first request with a subject gets lost, and once more if it is told to forget again. */
export async function forgetfulWay(natsUrl: string, subject: string) {
  const { hostname, port } = new URL(natsUrl);
  let isForgotten = false;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    far.pipe(near);
    near.on("data", (sent) => {
      const rest = isForgotten ? sent : without(sent, subject);
      isForgotten ||= rest.length < sent.length;
      far.write(rest);
    });
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    for (const end of [near, far]) end.on("error", () => end.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isForgotten: () => isForgotten,
    forgetAgain() {
      isForgotten = false;
    },
    close: () => server.close(),
  };
}

/** What was sent, without a request: other commands come in one piece with it. */
function without(sent: Buffer, subject: string): Buffer {
  const command = new RegExp(`PUB ${subject.replaceAll(/[$.]/g, "\\$&")} \\S+ (\\d+)\r\n`).exec(
    sent.toString("latin1"),
  );
  if (command === null) return sent;
  const end = command.index + command[0].length + Number(command[1]) + "\r\n".length;
  return Buffer.concat([sent.subarray(0, command.index), sent.subarray(end)]);
}
