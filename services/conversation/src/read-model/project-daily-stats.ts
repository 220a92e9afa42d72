import type { Recorded } from "@botfactory/event-store";
import { placeOf } from "../chat-place.ts";
import type { ChatEvent } from "../domain/conversation-state.ts";

/** What happened to a bot's turns on one day (UTC); `_id` is `<botId>.<YYYY-MM-DD>`. */
export interface DailyStats {
  readonly botId: string;
  readonly day: string;
  readonly turns: number;
  readonly answers: number;
  readonly refusals: number;
  readonly undeliverable: number;
  readonly quarantined: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const COUNTED = ["turnStarted", "replyDrafted", "replySent", "turnRefused", "replyUndeliverable", "turnQuarantined"];

export function dayIdsOf({ event, subject, time }: Recorded<ChatEvent>): readonly string[] {
  const place = placeOf(subject);
  return place === undefined || !COUNTED.includes(event.case) ? [] : [`${place.botId}.${dayOf(time)}`];
}

export function projectDay(stats: DailyStats | undefined, { event, subject, time }: Recorded<ChatEvent>): DailyStats {
  const day = stats ?? { ...NOTHING_YET, botId: placeOf(subject)?.botId ?? "", day: dayOf(time) };
  switch (event.case) {
    case "turnStarted":
      return { ...day, turns: day.turns + 1 };
    case "replyDrafted": {
      const { inputTokens, outputTokens } = event.value;
      return { ...day, inputTokens: day.inputTokens + inputTokens, outputTokens: day.outputTokens + outputTokens };
    }
    case "replySent":
      return { ...day, answers: day.answers + 1 };
    case "turnRefused":
      return { ...day, refusals: day.refusals + 1 };
    case "replyUndeliverable":
      return { ...day, undeliverable: day.undeliverable + 1 };
    case "turnQuarantined":
      return { ...day, quarantined: day.quarantined + 1 };
    default:
      return day;
  }
}

const NOTHING_YET = {
  turns: 0,
  answers: 0,
  refusals: 0,
  undeliverable: 0,
  quarantined: 0,
  inputTokens: 0,
  outputTokens: 0,
};

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
