import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Stack, type StackOptions, startStack } from "@botfactory/cli/stack";
import { type SimulatorClient, simulatorClient } from "@botfactory/simulator";
import { MongoClient } from "mongodb";
import { REPOSITORY } from "../../setup/repository.ts";
import { type GeminiControl, geminiControl } from "./gemini-control.ts";
import { type People, people } from "./people.ts";

export interface TestStack extends Stack {
  /** The checkout whose built services run. */
  readonly repository: string;
  /** Data and logs of this stack; gone after `stop`. */
  readonly directory: string;
  readonly telegram: SimulatorClient;
  readonly model: GeminiControl;
  readonly people: People;
  readonly databaseUrl: string;
}

export interface TestStackOptions
  extends Partial<Pick<StackOptions, "replicas" | "env" | "envOf" | "nodeOptions" | "natsTrace">> {
  /** What follows the name of this stack's database, such as `_{service}` for one for each service. */
  readonly databaseSuffix?: string;
}

/** The whole product as real processes, with a log, a database and a Telegram of its own; Keycloak is the run's. */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const { replicas = {}, env = {}, databaseSuffix = "", ...more } = options;
  const directory = await mkdtemp(join(tmpdir(), "botfactory-e2e-"));
  const databaseUrl = `${ownDatabase(process.env["MONGODB_URL"])}${databaseSuffix}`;
  // The stack takes what the environment names: the run's server, but a database of its own.
  process.env["MONGODB_URL"] = databaseUrl;
  const stack = await startStack({
    repository: REPOSITORY,
    directory,
    ports: "random",
    replicas,
    env: { ...process.env, TEST_RUN: "e2e", ...env },
    progress: () => {},
    ...more,
  });
  return {
    ...stack,
    repository: REPOSITORY,
    directory,
    databaseUrl,
    telegram: simulatorClient(stack.neighbours.simulator),
    model: geminiControl(stack.neighbours.gemini),
    people: people(stack.web, stack.neighbours.keycloak),
    async stop() {
      await stack.stop();
      await dropDatabases(databaseUrl);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function ownDatabase(url: string | undefined): string {
  if (url === undefined) throw new Error("the e2e tier's setup has left no MONGODB_URL");
  const own = new URL(url);
  own.pathname = `/e2e_${randomUUID().slice(0, 8)}`;
  return own.href;
}

async function dropDatabases(url: string): Promise<void> {
  const client = await MongoClient.connect(url);
  const [own = ""] = client.db().databaseName.split("{");
  const { databases } = await client.db().admin().listDatabases({ nameOnly: true });
  for (const { name } of databases) if (name.startsWith(own)) await client.db(name).dropDatabase();
  await client.close();
}
