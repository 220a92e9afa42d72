/**
 * A named place on a path where a process may die and something is to hold; docs/operations/crash-points.md says where
 * each is and what holds.
 */
export type CrashPoint =
  | "ing.afterAuth"
  | "ing.beforePublish"
  | "ing.afterPubAck"
  | "wrk.beforeClaim"
  | "wrk.afterClaim"
  | "wrk.afterReserve"
  | "wrk.afterGemini"
  | "wrk.afterReplyGenerated"
  | "wrk.afterSend"
  | "wrk.afterPartSent"
  | "wrk.afterReplySent"
  | "wrk.afterAck"
  | "log.midBatch"
  | "prj.midBatch"
  | "prj.beforeCheckpoint"
  | "bots.afterCreate"
  | "bots.afterWebhookRequested"
  | "bots.afterSetWebhook"
  | "key.midRewrap"
  | "er.afterKeyDelete";
