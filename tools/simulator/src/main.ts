import { once } from "node:events";
import { z } from "zod";
import { startSimulator } from "./simulator.ts";

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(8081),
  HOST: z.string().default("127.0.0.1"),
  DATA_FILE: z.string().min(1).optional(),
  RETRY_SCALE: z.coerce.number().positive().default(1),
  LOCAL_MODE: z.enum(["true", "false"]).default("true"),
});

const parsed = environment.safeParse(process.env);
if (!parsed.success) throw new Error(`bad configuration\n${z.prettifyError(parsed.error)}`);
const { PORT: port, HOST: host, DATA_FILE: dataFile, RETRY_SCALE: retryScale, LOCAL_MODE } = parsed.data;

const simulator = await startSimulator({
  port,
  host,
  retryScale,
  localMode: LOCAL_MODE === "true",
  ...(dataFile && { dataFile }),
});
process.stdout.write(`Telegram simulator: chat page and Bot API root at ${simulator.url}\n`);
await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
await simulator.stop();
