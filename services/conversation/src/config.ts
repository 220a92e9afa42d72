import { demandMonitoring, demandWholeTls, environment, setting, TLS_FILES } from "@botfactory/service-kit";
import { z } from "zod";

const { PORT, ADMIN_PORT } = environment.shape;

/** Every variable conversation reads. */
export const conversationEnvironment = environment
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
    BOTS_URL: true,
    AI_URL: true,
    ...TLS_FILES,
  })
  .extend({
    PORT: PORT.default(50053),
    ADMIN_PORT: ADMIN_PORT.default(9093),
    SEND_ON_DOUBT: setting(z.enum(["resend", "silent"]).default("resend"), {
      description:
        "When Telegram may or may not have taken a message: send it again (a double at worst), or keep silent.",
    }),
    TURNS_AT_ONCE: setting(z.coerce.number().int().positive().default(64), {
      description:
        "Chats one process answers side by side, shared among owners in turn; a quarter more is kept for owners with none. It bounds the model calls in flight.",
    }),
    TELEGRAM_TIMEOUT_SECONDS: setting(z.coerce.number().positive().default(30), {
      description: "Seconds one call of Telegram may take before its outcome counts as doubtful.",
    }),
  })
  .superRefine(demandMonitoring)
  .superRefine(...demandWholeTls);

export type ConversationConfig = z.output<typeof conversationEnvironment>;
