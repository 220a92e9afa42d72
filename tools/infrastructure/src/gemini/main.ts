import { once } from "node:events";
import { z } from "zod";
import { toStandardError } from "../progress.ts";
import { startGemini } from "./gemini.ts";

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8083),
  HOST: z.string().default("127.0.0.1"),
  LATENCY_MS: z.coerce.number().int().nonnegative().default(800),
});

const { PORT: port, HOST: host, LATENCY_MS: latencyMs } = environment.parse(process.env);
const gemini = await startGemini({ port, host, latencyMs });
toStandardError(`Gemini stand-in at ${gemini.url}`);
await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
await gemini.stop();
