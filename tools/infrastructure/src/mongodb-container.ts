import type { MongodbOptions } from "./mongodb-options.ts";
import type { Started } from "./started.ts";

const PORT = 27017;

/** A database in a container of the image BOTFACTORY_MONGODB_IMAGE (mongo:8 when unset; any that speaks MongoDB's protocol). */
export async function startMongodbContainer(options: MongodbOptions): Promise<Started> {
  const image = process.env["BOTFACTORY_MONGODB_IMAGE"] ?? "mongo:8";
  return /(^|\/)mongo(:|$)/.test(image) ? mongo(image) : other(image, options);
}

async function mongo(image: string): Promise<Started> {
  // Loaded here only: it is large, and most runs need no container engine.
  const { MongoDBContainer } = await import("@testcontainers/mongodb");
  const container = await new MongoDBContainer(image).start();
  const stop = async () => {
    await container.stop({ remove: true });
  };
  return { url: `${container.getConnectionString()}?directConnection=true`, how: "container", stop };
}

async function other(image: string, { port = 0, dataDirectory }: MongodbOptions): Promise<Started> {
  const { GenericContainer, Wait } = await import("testcontainers");
  const described = new GenericContainer(image)
    .withExposedPorts(port === 0 ? PORT : { container: PORT, host: port })
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(120_000);
  if (dataDirectory !== undefined) described.withBindMounts([{ source: dataDirectory, target: "/data" }]);
  const container = await described.start();
  const stop = async () => {
    await container.stop({ remove: true });
  };
  return { url: `mongodb://${container.getHost()}:${container.getMappedPort(PORT)}/`, how: "container", stop };
}
