import { demandMonitoring, demandWholeTls, environment, setting, TLS_FILES } from "@botfactory/service-kit";
import { z } from "zod";
import { defaultPlans } from "./domain/plan.ts";

const { PORT, ADMIN_PORT } = environment.shape;

const count = z.int().positive();
// As many as an event can note.
const bots = count.max(2 ** 31 - 1);
const allowance = z.strictObject({ bots, messagesADay: count, historyTurns: count }).partial();
const plans = z
  .strictObject({ free: allowance, starter: allowance, basic: allowance, premium: allowance })
  .partial()
  .transform(({ free, starter, basic, premium }) => ({
    free: { ...defaultPlans.free, ...defined(free) },
    starter: { ...defaultPlans.starter, ...defined(starter) },
    basic: { ...defaultPlans.basic, ...defined(basic) },
    premium: { ...defaultPlans.premium, ...defined(premium) },
  }));

/** Every variable bots reads. */
export const botsEnvironment = environment
  .pick({
    LOG_LEVEL: true,
    NATS_URL: true,
    NATS_MONITORING_URL: true,
    NATS_SYNC: true,
    NATS_REPLICAS: true,
    MONGODB_URL: true,
    KEYCLOAK_URL: true,
    KEYCLOAK_REALM: true,
    KEYCLOAK_CLIENT_ID: true,
    SERVICE_AUTH_KEY: true,
    KEY_ENCRYPTION_KEY: true,
    TELEGRAM_API_ROOT: true,
    WEBHOOK_BASE_URL: true,
    ...TLS_FILES,
  })
  .extend({
    PORT: PORT.default(50051),
    ADMIN_PORT: ADMIN_PORT.default(9091),
    LOCAL_MODE: setting(z.stringbool().default(false), {
      description: "Takes http:// and private hosts as webhook base URLs; for one machine only.",
      type: "true | false",
    }),
    TELEGRAM_UPDATES: setting(z.enum(["webhook", "polling"]).default("webhook"), {
      description: "How updates come once a webhook is set: Telegram posts them, or ingress asks for them (local use).",
    }),
    PLANS: setting(z.string().default("{}").transform(jsonOr("must be JSON")).pipe(plans), {
      description:
        'What plans allow where it differs from the defaults, such as {"free":{"bots":2,"messagesADay":50,"historyTurns":5}}.',
      type: "JSON",
    }),
  })
  .superRefine(demandMonitoring)
  .superRefine(...demandWholeTls);

export type BotsConfig = z.output<typeof botsEnvironment>;

function jsonOr(message: string) {
  return (text: string, context: z.core.$RefinementCtx): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    }
  };
}

/** What is left out must not overwrite a default with undefined. */
function defined<Value extends object>(value: Value | undefined): { [Name in keyof Value]: NonNullable<Value[Name]> } {
  const entries = Object.entries(value ?? {}).filter(([, given]) => given !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Value]: NonNullable<Value[Name]> };
}
