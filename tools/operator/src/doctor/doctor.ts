import { redactText } from "@botfactory/service-kit";
import { checkGemini } from "./check-gemini.ts";
import { checkKeycloak } from "./check-keycloak.ts";
import { checkMongodb } from "./check-mongodb.ts";
import { checkNats } from "./check-nats.ts";
import { checkNatsServers } from "./check-nats-servers.ts";
import { checkTelegram } from "./check-telegram.ts";
import { type Finding, failed, passed } from "./finding.ts";
import { readSettings } from "./settings.ts";

export interface DoctorOptions {
  /** The variables of the services. */
  readonly env: NodeJS.ProcessEnv;
  /** A bot to look at. */
  readonly botToken?: string | undefined;
  readonly now: () => number;
}

/** What all checks found; `healthy` when none failed. */
export interface Diagnosis {
  readonly healthy: boolean;
  readonly findings: readonly Finding[];
}

/** `botfactory doctor`: asks every dependency, all side by side. Writes nothing that stays, and tells no secret. */
export async function doctor({ env, botToken, now }: DoctorOptions): Promise<Diagnosis> {
  const { settings, problems } = readSettings(env);
  const found = await Promise.all([
    checkNats(settings.NATS_URL, now),
    checkNatsServers(settings, now),
    checkMongodb(settings.MONGODB_URL),
    checkKeycloak(settings, now),
    checkTelegram({ root: settings.TELEGRAM_API_ROOT, botToken, now }),
    checkGemini(settings, now),
  ]);
  const findings = [...configuration(problems), ...found.flat()].map(withoutSecrets);
  return { healthy: findings.every(({ verdict }) => verdict !== "FAIL"), findings };
}

function configuration(problems: readonly string[]): Finding[] {
  const what = "configuration";
  if (problems.length === 0) return [passed(what, "every variable that is given can be read")];
  return problems.map((problem) =>
    failed(what, problem, "correct it; docs/configuration.md says what may stand there"),
  );
}

// Servers choose what they answer: a webhook's address, an error's text.
function withoutSecrets(finding: Finding): Finding {
  const found = redactText(finding.found);
  return finding.verdict === "FAIL" ? { ...finding, found, remedy: redactText(finding.remedy) } : { ...finding, found };
}
