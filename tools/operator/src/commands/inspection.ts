import type { Command } from "commander";
import { audit, auditReport } from "../audit.ts";
import { givenBotToken } from "../doctor/bot-token.ts";
import { doctor } from "../doctor/doctor.ts";
import { doctorReport } from "../doctor/report.ts";
import { printEvents } from "../events.ts";
import { addressesOf, type Surroundings } from "../surroundings.ts";
import { addQuarantine } from "./quarantine.ts";

/** Commands that only look: they change nothing, and may run at any time. */
export function addInspectionCommands(program: Command, surroundings: Surroundings): void {
  addDoctor(program, surroundings);
  addAudit(program, surroundings);
  addQuarantine(program, surroundings);
  program
    .command("events")
    .description("print the event log as JSON, one event a line; texts and tokens in it stay sealed")
    .action(async () => printEvents((await addressesOf(surroundings, {})).natsUrl, surroundings.say));
}

function addDoctor(program: Command, { say, environment }: Surroundings): void {
  program
    .command("doctor")
    .description("check every dependency, each with PASS or FAIL and the remedy; exit code 1 when something fails")
    .option(
      "--bot-token-file <file>",
      "a file with a bot's token, to look at that bot and its webhook (BOT_TOKEN_FILE)",
    )
    .option("--json", "print what was found as JSON")
    .action(async ({ botTokenFile, json }: { botTokenFile?: string; json?: true }) => {
      const env = await environment();
      const diagnosis = await doctor({ env, botToken: await givenBotToken(botTokenFile, env), now: Date.now });
      for (const line of json ? [JSON.stringify(diagnosis, null, 2)] : doctorReport(diagnosis.findings)) say(line);
      if (!diagnosis.healthy) process.exitCode = 1;
    });
}

function addAudit(program: Command, surroundings: Surroundings): void {
  const { say, environment } = surroundings;
  program
    .command("audit")
    .description("read the whole log and check its invariants; exit code 1 when it is damaged")
    .option("--nats <url>", "the log (NATS_URL, or the running stack's)")
    .option("--mongodb <url>", "where the watermarks are (MONGODB_URL, or the running stack's)")
    .option("--json", "print what was found as JSON")
    .action(async ({ json, ...given }: { nats?: string; mongodb?: string; json?: true }) => {
      const log = await addressesOf(surroundings, given);
      const found = await audit({ ...log, env: await environment(), say: json ? () => undefined : say });
      for (const line of json ? [JSON.stringify(found, null, 2)] : auditReport(found)) say(line);
      if (!found.intact) process.exitCode = 1;
    });
}
