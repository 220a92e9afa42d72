import type { Progress } from "./progress.ts";

export interface MongodbOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Where the database keeps its files over restarts; a temporary directory, removed by `stop`, when left out. */
  readonly dataDirectory?: string;
  readonly progress?: Progress;
}
