export { cacheDirectory } from "./cache.ts";
export { embeddedProgram } from "./embedded-program.ts";
export type { MongodbOptions } from "./mongodb.ts";
export { startMongodb } from "./mongodb.ts";
export type { NatsOptions, StartedNats } from "./nats.ts";
export { freshNats, startNats } from "./nats.ts";
export type { Progress } from "./progress.ts";
export type { How, Started } from "./started.ts";
