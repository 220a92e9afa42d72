/** What waits, in a fair order: owners take turns, the bots of an owner take turns, a bot's own comes as it came. */
export interface FairOrder<Item> {
  add(of: Belongs, item: Item): void;
  /** Takes out what is next, of the owners that may go. */
  take(mayGo: (owner: string) => boolean): Item | undefined;
  isEmpty(): boolean;
}

export interface Belongs {
  readonly owner: string;
  readonly botId: string;
}

/**
 * However much one owner brings, another one's next item is taken after at most one of each other owner; the same holds
 * for the bots of one owner.
 */
export function fairOrder<Item>(): FairOrder<Item> {
  const owners = turns<Turns<Set<Item>>>();
  return {
    isEmpty: () => owners.isEmpty(),
    add({ owner, botId }, item) {
      owners
        .of(owner, () => turns())
        .of(botId, () => new Set<Item>())
        .add(item);
    },
    take: (mayGo) =>
      owners.next(mayGo, (bots) => ({ isOver: () => bots.isEmpty(), taken: bots.next(() => true, first) })),
  };
}

interface Taken<Item> {
  readonly taken: Item;
  /** Nothing is left in that line. */
  isOver(): boolean;
}

/** Lines of which each gives one item, then goes to the end. */
function turns<Line>() {
  const lines = new Map<string, Line>();
  return {
    isEmpty: () => lines.size === 0,
    of(key: string, newLine: () => Line): Line {
      const line = lines.get(key) ?? newLine();
      // A key that is known keeps its place in the map.
      lines.set(key, line);
      return line;
    },
    next<Item>(mayGo: (key: string) => boolean, takeFrom: (line: Line) => Taken<Item>): Item | undefined {
      for (const [key, line] of lines) {
        if (!mayGo(key)) continue;
        const { taken, isOver } = takeFrom(line);
        lines.delete(key);
        if (!isOver()) lines.set(key, line);
        return taken;
      }
      return undefined;
    },
  };
}

type Turns<Line> = ReturnType<typeof turns<Line>>;

/** A set keeps the order in which things came, and forgets its first one at no cost. */
function first<Item>(line: Set<Item>): Taken<Item | undefined> {
  const [taken] = line;
  if (taken !== undefined) line.delete(taken);
  return { taken, isOver: () => line.size === 0 };
}
