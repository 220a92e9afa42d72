export {
  type ChatView,
  type DeliverWish,
  type DeliveryAnswer,
  type LedgerWish,
  type Place,
  type SimulatedBot,
  type SimulatorClient,
  simulatorClient,
} from "./client.ts";
export type { Fault, FaultKind, FaultWish } from "./faults.ts";
export type { CallEntry, DeliveryEntry, LedgerEntry, LedgerFilter, PostedMessage } from "./ledger.ts";
export type { Chat, Json, Message, MessageEntity, User } from "./message.ts";
export type { EditWish, PressResult, PressWish, Said } from "./play.ts";
export { type Simulator, type SimulatorOptions, startSimulator } from "./simulator.ts";
