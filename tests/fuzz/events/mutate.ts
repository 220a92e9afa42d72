import fc from "fast-check";

/** A change of bytes: what a damaged disk, a broken peer or an attacker may make of a message. */
export type Mutation =
  | { readonly kind: "flip"; readonly at: number; readonly bit: number }
  | { readonly kind: "cut"; readonly at: number }
  | { readonly kind: "insert"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "splice"; readonly at: number; readonly from: number; readonly other: number }
  | { readonly kind: "nest"; readonly times: number; readonly field: number }
  | { readonly kind: "groups"; readonly times: number };

// Field 1, wire type 3: a form protobuf has given up, but every reader must still skip.
const START_OF_A_GROUP = 0x0b;

const place = fc.nat({ max: 10_000 });

export function anyMutations(): fc.Arbitrary<readonly Mutation[]> {
  const mutation = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("flip" as const), at: place, bit: fc.nat({ max: 7 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("cut" as const), at: place }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("insert" as const),
        at: place,
        bytes: fc.uint8Array({ maxLength: 20 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("splice" as const), at: place, from: place, other: place }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("nest" as const),
        times: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.constantFrom(1_000, 5_000)),
        field: fc.integer({ min: 1, max: 20 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("groups" as const),
        times: fc.constantFrom(1, 99, 101, 5_000, 100_000),
      }),
    },
  );
  return fc.array(mutation, { maxLength: 4 });
}

/** The bytes after all mutations; splices take from the other messages. */
export function mutated(bytes: Uint8Array, mutations: readonly Mutation[], others: readonly Uint8Array[]): Uint8Array {
  return mutations.reduce((now: Uint8Array, mutation) => once(now, mutation, others), bytes);
}

function once(bytes: Uint8Array, mutation: Mutation, others: readonly Uint8Array[]): Uint8Array {
  switch (mutation.kind) {
    case "flip": {
      const copy = Uint8Array.from(bytes);
      const at = mutation.at % (copy.length || 1);
      copy.set([(copy[at] ?? 0) ^ (1 << mutation.bit)].slice(0, copy.length), at);
      return copy;
    }
    case "cut":
      return bytes.slice(0, mutation.at % (bytes.length + 1));
    case "insert": {
      const at = mutation.at % (bytes.length + 1);
      return Buffer.concat([bytes.slice(0, at), mutation.bytes, bytes.slice(at)]);
    }
    case "splice": {
      const other = others[mutation.other % others.length] ?? bytes;
      const head = bytes.slice(0, mutation.at % (bytes.length + 1));
      return Buffer.concat([head, other.slice(mutation.from % (other.length + 1))]);
    }
    case "nest":
      return nested(bytes, mutation);
    case "groups":
      return Buffer.concat([Buffer.alloc(mutation.times, START_OF_A_GROUP), bytes]);
  }
}

/** The message as the value of a field of itself, again and again. */
function nested(bytes: Uint8Array, { times, field }: Mutation & { kind: "nest" }): Uint8Array {
  const heads: Buffer[] = [];
  let length = bytes.length;
  for (let depth = 0; depth < times; depth++) {
    const head = Buffer.concat([varint(field * 8 + 2), varint(length)]);
    heads.unshift(head);
    length += head.length;
  }
  return Buffer.concat([...heads, bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}
