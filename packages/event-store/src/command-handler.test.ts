import { describe } from "@jest/globals";
import { specifyCommandHandler } from "../tests/command-handler-spec.ts";
import { inMemoryEventStore } from "./in-memory-event-store.ts";

describe("command handling in memory", () => specifyCommandHandler(async () => inMemoryEventStore(), 300));
