import { describe } from "@jest/globals";
import { specifyEventStore } from "../tests/event-store-spec.ts";
import { inMemoryEventStore } from "./in-memory-event-store.ts";

describe("the event store in memory", () => specifyEventStore(async () => inMemoryEventStore()));
