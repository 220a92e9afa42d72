import type { Flood } from "../harness/flood.ts";

export const CONNECTIONS = [1, 16, 64, 256] as const;
/** The number of connections at which goals are looked at. */
export const USUAL = 64;

export const OURS = "BotFactory";
export const PROTOTYPE = "prototype: Express 5 + publish";
export const GRAMMY = "grammY, answers last";
export const EXPRESS = "ceiling: Express 5";
export const PUBLISH = "ceiling: JetStream publish";
export const BATCH = "ceiling: JetStream atomic batch of two, 40 at once at most";
export const GRPC = "ceiling: grpc-js unary";
export const BUSY = "BotFactory, consumers busy";

/** What one contender reached at one number of connections. */
export type Accepted = Omit<Flood, "cpuMicros"> & { readonly cpuMicros?: number };

/** One contender's name in the rounds. */
export const nameAt = (system: string, connections: number) => `${system} @${connections}`;
