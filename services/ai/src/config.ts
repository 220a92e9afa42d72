import { demandMonitoring, demandWholeTls, environment, TLS_FILES } from "@botfactory/service-kit";
import type { z } from "zod";

const { PORT, ADMIN_PORT } = environment.shape;

/** Every variable ai reads. */
export const aiEnvironment = environment
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
    GOOGLE_API_KEY: true,
    GEMINI_BASE_URL: true,
    GEMINI_MODEL: true,
    GEMINI_RPM: true,
    GEMINI_RPD: true,
    ...TLS_FILES,
  })
  .extend({ PORT: PORT.default(50052), ADMIN_PORT: ADMIN_PORT.default(9092) })
  .superRefine(demandMonitoring)
  .superRefine(...demandWholeTls);

export type AiConfig = z.output<typeof aiEnvironment>;
