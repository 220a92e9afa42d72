import type { MongodbOptions } from "./mongodb-options.ts";
import { mounted } from "./mounted.ts";
import type { Started } from "./started.ts";

const PORT = 27017;

/** A database in a container of the image BOTFACTORY_MONGODB_IMAGE (mongo:8 when unset; any that speaks MongoDB's protocol). */
export async function startMongodbContainer({ port = 0, dataDirectory }: MongodbOptions): Promise<Started> {
  // Loaded here only: it is large, and most runs need no container engine. Not its MongoDB module, which makes a replica
  // set: what works on a set alone must not work in the tests.
  const { GenericContainer, Wait } = await import("testcontainers");
  const image = process.env["BOTFACTORY_MONGODB_IMAGE"] ?? "mongo:8";
  const described = new GenericContainer(image)
    .withExposedPorts(port === 0 ? PORT : { container: PORT, host: port })
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(120_000);
  if (dataDirectory !== undefined) described.withBindMounts([await mounted(dataDirectory, dataIn(image))]);
  const container = await described.start();
  return {
    url: `mongodb://${container.getHost()}:${container.getMappedPort(PORT)}/`,
    how: "container",
    stop: async () => {
      await container.stop({ remove: true });
    },
  };
}

function dataIn(image: string): string {
  return /(^|\/)mongo(:|$)/.test(image) ? "/data/db" : "/data";
}
