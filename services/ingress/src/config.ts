import { demandMonitoring, demandWholeTls, environment, setting, TLS_FILES } from "@botfactory/service-kit";
import { z } from "zod";

// A process has 80 s to stop. It waits this long for load balancers, and then twice as long on idle connections.
const LONGEST_DRAIN_DELAY_SECONDS = 20;

const { BOTS_URL, SERVICE_AUTH_KEY, PORT, ADMIN_PORT } = environment.shape;

/** Every variable ingress reads. */
export const ingressEnvironment = environment
  .pick({
    LOG_LEVEL: true,
    NATS_URL: true,
    NATS_MONITORING_URL: true,
    NATS_SYNC: true,
    NATS_REPLICAS: true,
    TELEGRAM_API_ROOT: true,
    ...TLS_FILES,
  })
  .extend({
    PORT: PORT.default(8080),
    ADMIN_PORT: ADMIN_PORT.default(9090),
    BOTS_URL: BOTS_URL.optional(),
    SERVICE_AUTH_KEY: SERVICE_AUTH_KEY.optional(),
    DRAIN_DELAY_SECONDS: setting(z.coerce.number().min(0).max(LONGEST_DRAIN_DELAY_SECONDS).default(5), {
      description:
        "Seconds a stopping process goes on taking updates after it says that it is not ready, for load balancers to notice. Idle connections are then kept for twice as long again. At most 20.",
    }),
    TELEGRAM_UPDATES: setting(z.enum(["webhook", "polling"]).default("webhook"), {
      description: "Whether Telegram posts updates, or ingress also asks for those of bots set to polling (local use).",
    }),
  })
  .superRefine(demandMonitoring)
  .superRefine(...demandWholeTls)
  .superRefine((config, context) => {
    if (config.TELEGRAM_UPDATES === "webhook") return;
    for (const name of ["BOTS_URL", "SERVICE_AUTH_KEY"] as const) {
      if (config[name] === undefined) context.addIssue({ code: "custom", path: [name], message: "polling needs it" });
    }
  });

export type IngressConfig = z.output<typeof ingressEnvironment>;
