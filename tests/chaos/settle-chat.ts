import type { Asked, ChatHistory, Said } from "./chat-history.ts";

export type UpdateClass = "answered" | "refused" | "undeliverable" | "quarantined";

/** What became of one posted message. */
export interface Settled {
  readonly asked: Asked;
  /** "unknown": Telegram still holds it. */
  readonly fate: UpdateClass | "lost" | "unknown";
  /** Which of the chat's sayings answered it first; undefined when none did. */
  readonly by: number | undefined;
}

export interface SettledChat {
  readonly chat: string;
  readonly updates: readonly Settled[];
  readonly repeats: readonly Repeat[];
  /** Updates a sentence answers only if it belonged to several of them: where the ledger cannot tell each by itself. */
  readonly refusedTogether: number;
  /** Markers said here that nobody asked here. */
  readonly strangers: readonly number[];
}

/** A saying that answers again what had been answered. */
export interface RepeatedPair {
  readonly said: Said;
  /** The saying it repeats. */
  readonly of: Said | undefined;
  /** What was said in the chat right after that one, unless it is the repeat. */
  readonly next: Said | undefined;
}

/** One saying too many. Where sentences name nothing, any two of a kind that stand together may be the pair; the likeliest first. */
export type Repeat = readonly [RepeatedPair, ...RepeatedPair[]];

/** As much as conversation joins into one turn. */
const MOST_IN_A_TURN = 10;

/**
 * Joins each saying of a chat with the messages it answers. Answers name theirs, and a sentence that replies to a message
 * names its first; other sentences belong to what nobody else has answered between their neighbours.
 */
export function settleChat({ chat, asked, said }: ChatHistory): SettledChat {
  const by = new Map<number, number>();
  const surplus: number[] = [];
  said.forEach((saying, index) => {
    const named = namedBy(saying, asked);
    if (named.length === 0) return;
    const open = named.filter((marker) => !by.has(marker));
    if (open.length < named.length) surplus.push(index);
    for (const marker of open) by.set(marker, index);
  });
  const nameless = said.flatMap((saying, index) => (namedBy(saying, asked).length === 0 ? [index] : []));
  const { left, together } = fillGaps(nameless, { asked, by });
  const unmatched = takeLate(left, { asked, by });
  const repeats = [...surplus, ...unmatched].sort((a, b) => a - b);
  return {
    chat,
    updates: asked.map((one) => settled(one, said, by.get(one.marker))),
    repeats: repeats.flatMap((index) => repeatAt(index, said)),
    refusedTogether: together,
    strangers: said.flatMap(({ markers }) => markers.filter((marker) => !asked.some((one) => one.marker === marker))),
  };
}

function namedBy({ markers, replyTo }: Said, asked: readonly Asked[]): readonly number[] {
  if (markers.length > 0) return markers;
  return asked.filter(({ messageId }) => replyTo !== 0 && messageId === replyTo).map(({ marker }) => marker);
}

interface Joining {
  readonly asked: readonly Asked[];
  readonly by: Map<number, number>;
}

/** Gives each run of nameless sentences the unanswered messages that stand where the run stands. */
function fillGaps(nameless: readonly number[], { asked, by }: Joining) {
  const left: number[] = [];
  let together = 0;
  for (const gap of gapsOf(asked, by)) {
    const run = nameless.filter((index) => index > gap.after && index < gap.before);
    const turns = turnsOf(gap.asked, run.length);
    turns.forEach((turn, position) => {
      const index = run[position];
      if (index === undefined) return;
      for (const { marker } of turn) by.set(marker, index);
      together += turn.length - 1;
    });
    left.push(...run.slice(turns.length));
  }
  const inGaps = new Set([...by.values(), ...left]);
  return { left: [...left, ...nameless.filter((index) => !inGaps.has(index))], together };
}

interface Gap {
  readonly asked: readonly Asked[];
  /** The sayings between which its answers belong. */
  readonly after: number;
  readonly before: number;
}

function gapsOf(asked: readonly Asked[], by: ReadonlyMap<number, number>): readonly Gap[] {
  const gaps: { asked: Asked[]; after: number; before: number }[] = [];
  let after = -1;
  let open: { asked: Asked[]; after: number; before: number } | undefined;
  for (const one of asked) {
    const index = by.get(one.marker);
    if (index === undefined) {
      open ??= { asked: [], after, before: Number.POSITIVE_INFINITY };
      open.asked.push(one);
      continue;
    }
    if (open !== undefined) gaps.push({ ...open, before: index });
    open = undefined;
    after = Math.max(after, index);
  }
  return open === undefined ? gaps : [...gaps, open];
}

/** The messages as turns: one each, if there are sentences enough, else joined as conversation may have joined them. */
function turnsOf(asked: readonly Asked[], sentences: number): readonly (readonly Asked[])[] {
  const turns: Asked[][] = [];
  let toJoin = asked.length - sentences;
  for (const one of asked) {
    const last = turns.at(-1);
    const joins = last?.[0]?.isAlone === false && !one.isAlone && last.length < MOST_IN_A_TURN;
    if (toJoin > 0 && joins && last !== undefined) {
      last.push(one);
      toJoin -= 1;
    } else turns.push([one]);
  }
  return turns;
}

/** Sentences that stand at no gap belong to what is still unanswered: they came in the wrong place. */
function takeLate(left: readonly number[], { asked, by }: Joining): readonly number[] {
  const unanswered = asked.filter(({ marker, isAccepted }) => isAccepted && !by.has(marker));
  left.slice(0, unanswered.length).forEach((index, position) => {
    const late = unanswered[position];
    if (late !== undefined) by.set(late.marker, index);
  });
  return left.slice(unanswered.length);
}

function settled(asked: Asked, said: readonly Said[], by: number | undefined): Settled {
  const saying = by === undefined ? undefined : said[by];
  if (saying === undefined) return { asked, fate: asked.isAccepted ? "lost" : "unknown", by };
  if (!saying.isDelivered) return { asked, fate: "undeliverable", by };
  const fate = saying.sentence === undefined ? "answered" : saying.sentence === "apology" ? "quarantined" : "refused";
  return { asked, fate, by };
}

function repeatAt(index: number, said: readonly Said[]): readonly Repeat[] {
  const repeat = said[index];
  // What Telegram would not take a second time reached nobody twice.
  if (repeat === undefined || !repeat.isDelivered) return [];
  const known = said.slice(0, index).findLastIndex((earlier) => answersSame(earlier, repeat));
  const pair = pairOf(said, { first: known < 0 ? index - 1 : known, second: index, repeat });
  return [[pair, ...(isNameless(repeat) ? pairsBeside(index, said) : [])]];
}

/** Of two turns refused with one sentence, and one of them twice, the ledger does not tell which sayings are whose. */
function pairsBeside(index: number, said: readonly Said[]): readonly RepeatedPair[] {
  const from = said.slice(0, index).findLastIndex((one) => !isNameless(one)) + 1;
  const after = said.slice(index).findIndex((one) => !isNameless(one));
  const until = after < 0 ? said.length : index + after;
  return said.slice(from, until).flatMap((repeat, position) => {
    const second = from + position;
    const earlier = said.slice(from, second).findLastIndex(({ sentence }) => sentence === repeat.sentence);
    return earlier < 0 || !repeat.isDelivered ? [] : [pairOf(said, { first: from + earlier, second, repeat })];
  });
}

function pairOf(
  said: readonly Said[],
  { first, second, repeat }: { readonly first: number; readonly second: number; readonly repeat: Said },
): RepeatedPair {
  return { said: repeat, of: said[first], next: first + 1 === second ? undefined : said[first + 1] };
}

function isNameless({ markers, replyTo }: Said): boolean {
  return markers.length === 0 && replyTo === 0;
}

function answersSame(one: Said, other: Said): boolean {
  if (one.replyTo !== 0 && one.replyTo === other.replyTo) return true;
  return one.markers.some((marker) => other.markers.includes(marker));
}
