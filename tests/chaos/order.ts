import type { Said } from "./chat-history.ts";
import type { SettledChat } from "./settle-chat.ts";

/** An update answered before one that was posted earlier in its chat. */
export interface Overtaking {
  readonly chat: string;
  readonly marker: number;
  readonly overtook: number;
}

/** Every update of the chat that overtook an earlier one; inside one answer its order of repeating them counts. */
export function overtakings({ chat, updates }: SettledChat, said: readonly Said[]): readonly Overtaking[] {
  const found: Overtaking[] = [];
  const settled = updates.filter(({ by }) => by !== undefined);
  settled.forEach((later, index) => {
    const overtook = settled.slice(0, index).find((earlier) => placeOf(later, said) < placeOf(earlier, said));
    if (overtook !== undefined) found.push({ chat, marker: later.asked.marker, overtook: overtook.asked.marker });
  });
  return found;
}

const MOST_MARKERS = 1_000;

function placeOf({ asked, by = 0 }: SettledChat["updates"][number], said: readonly Said[]): number {
  return by * MOST_MARKERS + Math.max(0, said[by]?.markers.indexOf(asked.marker) ?? 0);
}
