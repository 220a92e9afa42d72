import { readFileSync } from "node:fs";
import { BotsService } from "@botfactory/proto/bots/v1/bots";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { aiAccess } from "../../../services/ai/src/ai-rpc.ts";
import { botsAccess } from "../../../services/bots/src/bots-access.ts";
import { conversationAccess } from "../../../services/conversation/src/conversation-rpc.ts";
import { residentMb } from "../support/memory.ts";
import { countOf, report, seedOfRun, stopwatch, timeFor } from "../support/run.ts";
import { tally } from "../support/tally.ts";
import { anyCall, METHODS, type RawCall } from "./calls.ts";
import { rawClient } from "./raw-client.ts";
import { type RpcStage, rpcStage } from "./stage.ts";

const count = countOf({ short: 1_000, full: 30_000 });
const AT_ONCE = 16;
// In the second half of the calls: what is loaded and remembered is there by then.
const GROWTH_MB = 50;
// STATUS_OF_KIND of packages/rpc, and what grpc-js says by itself when a call's own deadline is over.
const DOCUMENTED = new Set([
  status.OK,
  status.INVALID_ARGUMENT,
  status.UNAUTHENTICATED,
  status.PERMISSION_DENIED,
  status.NOT_FOUND,
  status.FAILED_PRECONDITION,
  status.RESOURCE_EXHAUSTED,
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
]);
const SUBJECT =
  /^(updates|conversations|quotas|keys|accounts|telegram-bots|allowances|quarantine|\$KV)(\.[A-Za-z0-9_-]+){1,3}$/;

let stage: RpcStage;

beforeAll(async () => {
  stage = await rpcStage();
}, 240_000);
afterAll(() => stage?.close(), 60_000);

async function bearerOf({ caller, method }: RawCall): Promise<string> {
  if (caller === "nobody") return "";
  if (caller === "garbage") return "eyJhbGciOiJIUzI1NiJ9.e30.x";
  if (caller === "other owner") return stage.other;
  const rules: Readonly<Record<string, unknown>> = { ...botsAccess, ...aiAccess, ...conversationAccess };
  const rule = rules[method.localName];
  return Array.isArray(rule) ? stage.identityOf(String(rule[0])) : stage.rightful;
}

/** Whether a call names that bot; bytes that are no request name none. */
function names(botId: string, { method, bytes }: RawCall): boolean {
  try {
    const request = fromBinary(method.input, bytes);
    return "botId" in request && request.botId === botId;
  } catch {
    return false;
  }
}

function clientsOf({ processes }: RpcStage) {
  return {
    "botfactory.bots.v1": rawClient(`127.0.0.1:${processes.bots.port}`),
    "botfactory.ai.v1": rawClient(`127.0.0.1:${processes.ai.port}`),
    "botfactory.conversation.v1": rawClient(`127.0.0.1:${processes.conversation.port}`),
  };
}

interface Found {
  readonly found: string;
  readonly method: string;
  readonly base64: string;
  readonly status: string;
}

const FOUND: readonly Found[] = JSON.parse(readFileSync(new URL("../fixtures/rpc.json", import.meta.url), "utf8"));

describe("a call that once went wrong", () => {
  it.each(FOUND)("$found", async ({ method: name, base64, status: wanted }) => {
    const method = METHODS.find((each) => each.name === name);
    if (method === undefined) throw new Error(`${name} is gone from the contract`);
    const clients = clientsOf(stage);
    const home = method.parent.file.proto.package as keyof typeof clients;
    const code = await clients[home].call(method, Buffer.from(base64, "base64"), stage.rightful);
    for (const each of Object.values(clients)) each.close();
    expect(status[code]).toBe(wanted);
  });
});

describe("the services behind the console under calls of any bytes", () => {
  it(
    "answer each with a documented status, never with INTERNAL, nobody about a bot of somebody else, and live on",
    async () => {
      const seconds = stopwatch();
      const { processes } = stage;
      const clients = clientsOf(stage);
      const statuses = tally();
      const wrong: string[] = [];
      const memory = () => Object.values(processes).map(({ pid }) => residentMb(pid()));
      const before = memory();
      let halfway = before;
      const ownBotId = await stage.newBot();
      let strangers = 0;
      const calls = fc.sample(anyCall(ownBotId), { seed: seedOfRun(), numRuns: count }).entries();
      const lane = async () => {
        for (const [index, call] of calls) {
          if (index === Math.floor(count / 2)) halfway = memory();
          const home = call.method.parent.file.proto.package as keyof typeof clients;
          const code = await clients[home].call(call.method, call.bytes, await bearerOf(call));
          statuses.add(status[code]);
          const told = `${index} ${call.method.name} as ${call.caller}: ${status[code]} for`;
          const isStrange = call.caller === "other owner" && names(ownBotId, call);
          if (isStrange) strangers += 1;
          if (!DOCUMENTED.has(code) || (isStrange && code === status.OK))
            wrong.push(`${told} ${Buffer.from(call.bytes).toString("base64").slice(0, 400)}`);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
      const get = toBinary(
        BotsService.method.getBot.input,
        create(BotsService.method.getBot.input, { botId: ownBotId }),
      );
      const kept = await clients["botfactory.bots.v1"].call(BotsService.method.getBot, get, stage.rightful);
      for (const each of Object.values(clients)) each.close();
      const after = memory();
      report("rpc", { inputs: count, seconds: seconds(), statuses: statuses.all(), rssMb: { before, halfway, after } });
      expect(wrong).toEqual([]);
      expect(strangers).toBeGreaterThan(0);
      expect(kept).toBe(status.OK);
      expect(Object.values(processes).map(({ crashes }) => crashes())).toEqual([0, 0, 0]);
      const grown = after.map((megabytes, index) => (megabytes ?? 0) - (halfway[index] ?? 0));
      expect(Math.max(...grown)).toBeLessThan(GROWTH_MB);
      for (const code of ["OK", "INVALID_ARGUMENT", "UNAUTHENTICATED", "PERMISSION_DENIED", "NOT_FOUND"]) {
        expect(statuses.of(code)).toBeGreaterThan(0);
      }
    },
    timeFor(120_000),
  );

  it("have left no subject outside the grammar in the log", async () => {
    const { streams } = await stage.nats.jetstreamManager();
    const subjects: string[] = [];
    for await (const { config } of streams.list()) {
      const { state } = await streams.info(config.name, { subjects_filter: ">" });
      subjects.push(...Object.keys(state.subjects ?? {}));
    }
    expect(subjects.length).toBeGreaterThan(3);
    expect(subjects.filter((subject) => !SUBJECT.test(subject))).toEqual([]);
  });
});
