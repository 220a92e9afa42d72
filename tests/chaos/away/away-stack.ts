import { freshNats, startGemini, startTelegramSimulator } from "@botfactory/infrastructure";
import { simulatorClient } from "@botfactory/simulator";
import { geminiControl } from "../../e2e/support/gemini-control.ts";
import { startTestStack, type TestStack } from "../../e2e/support/test-stack.ts";
import { setEnvironment } from "../../setup/environment.ts";
import { door } from "./door.ts";

/** Something the services need and can do without for a while. */
export interface Dependency {
  leave(): Promise<unknown>;
  comeBack(): Promise<unknown>;
}

export type Absentee = "NATS" | "MongoDB" | "Keycloak" | "bots" | "ai" | "Gemini" | "Telegram";

/** The whole product behind doors, each of which can be shut. */
export interface AwayStack extends TestStack {
  /** Past its door. */
  readonly natsUrl: string;
  readonly dependencies: Readonly<Record<Absentee, Dependency>>;
}

export async function startAwayStack(): Promise<AwayStack> {
  const [nats, telegram, gemini] = await Promise.all([freshNats(), startTelegramSimulator(), startGemini()]);
  const doors: Dependency[] = [];
  /** The address of the server's door. */
  const behindDoor = async (address = "") => {
    const url = new URL(address);
    const way = await door(Number(url.port));
    doors.push({ leave: way.shut, comeBack: way.open });
    url.port = `${way.port}`;
    return url.href.replace(/\/$/, "");
  };
  const giveBackEnvironment = setEnvironment({
    NATS_URL: await behindDoor(nats.url),
    MONGODB_URL: await behindDoor(process.env["MONGODB_URL"]),
    KEYCLOAK_URL: await behindDoor(process.env["KEYCLOAK_URL"]),
  });
  const GEMINI_BASE_URL = await behindDoor(gemini.url);
  const TELEGRAM_API_ROOT = await behindDoor(telegram.url);
  const addresses = { GEMINI_BASE_URL, TELEGRAM_API_ROOT, GOOGLE_API_KEY: "demo" };
  const stack = await startTestStack({ env: { ...addresses, GEMINI_RPM: "100000", GEMINI_RPD: "1000000" } });
  const [natsDoor, mongodbDoor, keycloakDoor, geminiDoor, telegramDoor] = doors;
  if (!(natsDoor && mongodbDoor && keycloakDoor && geminiDoor && telegramDoor)) throw new Error("a door is missing");
  return {
    ...stack,
    natsUrl: nats.url,
    telegram: simulatorClient(telegram.url),
    model: geminiControl(gemini.url),
    dependencies: {
      NATS: natsDoor,
      MongoDB: mongodbDoor,
      Keycloak: keycloakDoor,
      bots: service(stack, "bots"),
      ai: service(stack, "ai"),
      Gemini: geminiDoor,
      Telegram: telegramDoor,
    },
    async stop() {
      await stack.stop();
      for (const { leave } of doors) await leave();
      await Promise.all([nats, telegram, gemini].map((part) => part.stop()));
      giveBackEnvironment();
    },
  };
}

function service(stack: TestStack, name: "bots" | "ai"): Dependency {
  const processes = stack.replicasOf(name);
  return {
    leave: () => Promise.all(processes.map((process) => process.end("SIGKILL"))),
    comeBack: () => Promise.all(processes.map((process) => process.start())),
  };
}
