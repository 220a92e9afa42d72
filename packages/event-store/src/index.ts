export { type AcceptedRollback, acceptRollback } from "./accept-rollback.ts";
export { apiCode, isLostRace } from "./api-code.ts";
export {
  type AuditedStream,
  type AuditOptions,
  auditStream,
  type InvariantFound,
  type StreamAudit,
} from "./audit-stream.ts";
export {
  type AuditedAggregate,
  auditedAggregate,
  type Step,
  type StepRule,
  type Violation,
} from "./audited-aggregate.ts";
export { type BucketDeclaration, ensureBucket } from "./buckets.ts";
export {
  type CommandFor,
  type CommandHandler,
  type CommandHandlerOptions,
  commandHandler,
  type Handled,
  type Loaded,
  type RetryOptions,
  type Written,
} from "./command-handler.ts";
export { CHAIN_START, type ChainBreak, type ChainedEvent, type ChainLink, follow } from "./event-chain.ts";
export { type EncodedEvent, type EventCodec, type EventOf, eventCodec, UnknownEvent } from "./event-codec.ts";
export { type Append, type EventStore, type Recorded, VersionConflict } from "./event-store.ts";
export { type Fold, foldInto, type ProjectionTarget, together } from "./fold-into.ts";
export { followStream } from "./follow-stream.ts";
export { inMemoryEventStore } from "./in-memory-event-store.ts";
export { jetStreamEventStore } from "./jetstream-event-store.ts";
export { lanes } from "./lanes.ts";
export { type LogClock, logClock } from "./log-clock.ts";
export { type Damage, type DamageReason, LogDamaged } from "./log-damaged.ts";
export { type MessageQuery, storedMessage } from "./log-state.ts";
export { LogUnavailable, REQUEST_TIMEOUT_MS } from "./log-unavailable.ts";
export { type LogWatermark, type LogWatermarkOptions, logWatermark } from "./log-watermark.ts";
export { type Documents, type DocumentsOptions, openDocuments } from "./open-documents.ts";
export { type Projection, type ProjectionOptions, projection } from "./projection.ts";
export { isAsDeclared, NotProvisioned, provisioning } from "./provisioned.ts";
export {
  openReadModel,
  type ProblemLog,
  type ReadModel,
  type ReadModelPlace,
  type ReadModelPlan,
  rebuildReadModel,
} from "./read-model.ts";
export { nextMessages } from "./read-subject.ts";
export { recordedMessage } from "./recorded-message.ts";
export { mongoSnapshots, type Snapshot, type Snapshots, type StateCodec } from "./snapshots.ts";
export { consumeSpan, linkTo, publishSpan } from "./spans.ts";
export type { StreamMessage } from "./stream-message.ts";
export { type StreamReader, streamReader } from "./stream-reader.ts";
export {
  awaitStream,
  ensureStream,
  type StreamDeclaration,
  type StreamEnd,
  streamEnd,
  streamInfo,
  whenLogAnswers,
} from "./streams.ts";
export { isSubjectToken } from "./subject-token.ts";
export { contextFrom, traceHeaders } from "./trace-context.ts";
export { type Decide, unitOfWork, type WorkDone } from "./unit-of-work.ts";
export { completeStream, type WholeStream, wholeStream } from "./whole-stream.ts";
