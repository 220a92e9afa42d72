import { print, type Release } from "./release.ts";

/** Where connections are tried to, by the Service's name and port: `nats:4222`. */
export type Target = `${string}:${number}`;

// In the pod: which of its arguments (`<name>=<host>:<port>`) take a connection within three seconds.
const PROBE = `
  const net = require("node:net");
  const isOpen = (address) => new Promise((done) => {
    const [host, port] = address.split(":");
    const socket = net.connect({ host, port: Number(port) }, () => done(true));
    socket.setTimeout(3_000, () => done(false)).on("error", () => done(false));
  });
  const tried = process.argv.slice(1).map(async (argument) => {
    const [name, address] = argument.split("=");
    return (await isOpen(address)) ? [name] : [];
  });
  Promise.all(tried).then((found) => { console.log(JSON.stringify(found.flat())); process.exit(); });
`;

/** Tells which targets take a connection from a pod, `deploy/<name>` or `pod/<name>`. By address, so that a closed way is no missing name. */
export async function edgesOf(release: Release) {
  const addresses = await addressesOf(release);
  return async (pod: string, targets: readonly Target[]): Promise<Target[]> => {
    const wanted = targets.map((target) => {
      const [service, port] = target.split(":");
      return `${target}=${addresses.get(`botfactory-${service}`)}:${port}`;
    });
    return JSON.parse(await release.kubectl("exec", pod, "--", "node", "-e", PROBE, ...wanted));
  };
}

async function addressesOf(release: Release): Promise<ReadonlyMap<string, string>> {
  const lines = await release.kubectl(
    "get",
    "services",
    "-o",
    'jsonpath={range .items[*]}{.metadata.name}={.spec.clusterIP}{"\\n"}{end}',
  );
  return new Map(lines.split("\n").map((line) => line.split("=") as [string, string]));
}

/** Starts a pod that waits, with these labels, from the image of web, and waits until it runs. */
export async function startPod(release: Release, name: string, labels: Readonly<Record<string, string>>) {
  const image = await release.kubectl(
    "get",
    "deployment/botfactory-web",
    "-o",
    "jsonpath={.spec.template.spec.containers[0].image}",
  );
  const container = {
    name,
    image,
    command: ["node", "-e", "setInterval(() => undefined, 60_000)"],
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
  const spec = {
    containers: [container],
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
  };
  const overrides = JSON.stringify({ metadata: { labels }, spec });
  await print("kubectl", "-n", release.namespace, "run", name, `--image=${image}`, `--overrides=${overrides}`);
  await release.kubectl("wait", "--for=condition=ready", `pod/${name}`, "--timeout=60s");
}
