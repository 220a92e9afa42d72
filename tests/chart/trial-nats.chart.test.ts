import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ensureStream } from "@botfactory/event-store";
import { freshNats, NATS_USERS, type NatsUser, type StartedNats } from "@botfactory/infrastructure";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { connectAs } from "../setup/nats-user.ts";
import { REPOSITORY } from "../setup/repository.ts";

/** Where nothing is cached, nats-server is built first: one to two minutes, on a busy machine more. */
const FIRST_START_MS = 300_000;
const CHART = join(REPOSITORY, "deploy/helm/botfactory");

interface Manifest {
  readonly kind: string;
  readonly data: Readonly<Record<string, string>>;
  readonly stringData: Readonly<Record<string, string>>;
}

let server: StartedNats;
let seeds: Readonly<Record<string, string>>;

beforeAll(async () => {
  const manifests = rendered();
  seeds = manifests.find(({ kind }) => kind === "Secret")?.stringData ?? {};
  const config = manifests.find(({ kind }) => kind === "ConfigMap")?.data["nats.conf"] ?? "";
  server = await freshNats({ accounts: /^accounts: .*$/m.exec(config)?.[0] ?? "not in the chart" });
}, FIRST_START_MS);
afterAll(async () => server?.stop());

function rendered(): Manifest[] {
  const values = ["-f", join(CHART, "values-quickstart.yaml"), "-s", "templates/quickstart/nats.yaml"];
  const helm = join(REPOSITORY, ".botfactory/chart-tools/helm");
  const text = execFileSync(helm, ["template", "botfactory", CHART, ...values], { encoding: "utf8", stdio: "pipe" });
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

const as = (user: NatsUser) => connectAs(server.url, user, seeds[`${user}.nk`] ?? "");

it("a trial's NATS knows every user by the seed in its Secret", async () => {
  const all = await Promise.all(NATS_USERS.map(as));
  expect(Object.keys(seeds).sort()).toEqual(NATS_USERS.map((user) => `${user}.nk`).sort());
  await Promise.all(all.map((nats) => nats.close()));
});

it("a service of a trial writes its events and is told of them, across its account's border", async () => {
  const [provisioner, service] = await Promise.all([as("provision"), as("ai")]);
  await ensureStream(provisioner, { name: "QUOTAS", subjects: ["quotas.*.*"], announced: true });
  const announcements = service.subscribe("stored.QUOTAS.>", { max: 1 });
  expect(await service.jetstream().publish("quotas.a.b", "an event")).toMatchObject({ stream: "QUOTAS", seq: 1 });
  for await (const { subject } of announcements) expect(subject).toBe("stored.QUOTAS.quotas.a.b");
  await Promise.all([provisioner.close(), service.close()]);
});
