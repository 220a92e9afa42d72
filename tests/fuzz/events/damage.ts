import { isDeepStrictEqual, types } from "node:util";
import { deserialize, serialize } from "node:v8";
import { UnknownEvent } from "@botfactory/event-store";
import type { Fold, Reader } from "./readers.ts";

/** What reading damaged bytes led to; a fold that throws or changes its state in place is a defect, so it throws here. */
export function readDamaged(reader: Reader, bytes: Uint8Array): "unknown" | "refused" | "folded" {
  let folds: readonly Fold[];
  try {
    folds = reader.decode(bytes);
  } catch (error) {
    if (error instanceof UnknownEvent) return "unknown";
    // Errors of Node itself come from another realm than the tests' own.
    if (types.isNativeError(error)) return "refused";
    throw new Error(`${reader.name}: something else than an error was thrown`, { cause: error });
  }
  for (const fold of folds) checkFold(fold);
  return "folded";
}

function checkFold({ of, before, apply }: Fold): void {
  const was = serialize(before);
  const after = apply();
  if (!isSame(serialize(before), was)) throw new Error(`${of}: the state before was changed in place`);
  refuseUnstorable(of, after);
}

/** One number has two forms of bytes: V8 keeps it as an integer until another object of that shape has a larger one. */
function isSame(one: Buffer, other: Buffer): boolean {
  return one.equals(other) || isDeepStrictEqual(deserialize(one), deserialize(other));
}

/** A date that is none, or a number that is none, would stop a projection for ever. */
function refuseUnstorable(of: string, value: unknown): void {
  if (value instanceof Date && Number.isNaN(value.getTime())) throw new Error(`${of}: a date that is none`);
  if (typeof value === "number" && !Number.isFinite(value)) throw new Error(`${of}: a number that is none`);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
  for (const member of value instanceof Map ? value.values() : Object.values(value)) refuseUnstorable(of, member);
}
