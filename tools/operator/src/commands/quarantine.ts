import type { Command } from "commander";
import type { NatsConnection } from "nats";
import { connectForCommand } from "../connect-for-command.ts";
import { explained, listQuarantine, readQuarantined } from "../quarantine/read-quarantine.ts";
import { jsonReport, quarantinedReport, quarantineReport, readableBody } from "../quarantine/report.ts";
import { addressesOf, type Surroundings } from "../surroundings.ts";
import { wholeNumber } from "./whole-number.ts";

const NEWEST = 50;

interface ListWish {
  readonly bot?: string;
  readonly last: number;
  readonly json?: true;
}

interface ShowWish {
  readonly body?: true;
  readonly json?: true;
}

/** `botfactory quarantine`: what was set aside for people, by the NATS user `auditor`. */
export function addQuarantine(program: Command, surroundings: Surroundings): void {
  const quarantine = program.command("quarantine").description("what was set aside for people (stream QUARANTINE)");
  quarantine
    .command("list", { isDefault: true })
    .description("the newest messages: number, time, service, bot, reason, update; not what stands in them")
    .option("--bot <id>", "only this bot's")
    .option("--last <count>", "how many", wholeNumber({ from: 1 }), NEWEST)
    .option("--json", "print them as JSON")
    .action(async ({ bot: botId, last, json }: ListWish) => {
      const list = await withNats(surroundings, (nats) => listQuarantine(nats, { botId, last }));
      for (const line of json ? [jsonReport(list)] : quarantineReport(list)) surroundings.say(line);
    });
  quarantine
    .command("show")
    .description("all that is known of one message")
    .argument("<sequence>", "its number, the first of its line", wholeNumber({ from: 1 }))
    .option("--body", "also what was received: it may be what a person wrote")
    .option("--json", "print it as JSON")
    .action((sequence: number, wish: ShowWish) => show(surroundings, sequence, wish));
}

async function show(surroundings: Surroundings, sequence: number, { body: wanted, json }: ShowWish): Promise<void> {
  const found = await withNats(surroundings, (nats) => readQuarantined(nats, sequence));
  if (found === undefined) throw new Error(`QUARANTINE has no message ${sequence}: it keeps them for 30 days`);
  const { message } = found;
  const text = wanted && readableBody(found.body);
  const lines = json
    ? [jsonReport({ ...message, ...(text !== undefined && { body: text }) })]
    : [...quarantinedReport(message), ...(text === undefined ? [] : ["", text])];
  for (const line of lines) surroundings.say(line);
}

async function withNats<Result>(surroundings: Surroundings, work: (nats: NatsConnection) => Promise<Result>) {
  const { natsUrl } = await addressesOf(surroundings, {});
  const nats = await connectForCommand({ url: natsUrl, name: "quarantine", user: "audit" });
  try {
    return await work(nats);
  } catch (error) {
    throw explained(error);
  } finally {
    await nats.close();
  }
}
