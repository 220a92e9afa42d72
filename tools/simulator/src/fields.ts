import type { Json } from "./message.ts";
import { badRequest } from "./telegram-error.ts";

type Fail = (message: string) => Error;

/** Readers of a JSON object's fields with the wording of tdlib's JsonBuilder. */
export function fields(object: Json, fail: Fail = badRequest) {
  function optional<T>(name: string, read: (value: unknown) => T | undefined, type: string): T | undefined {
    const value = object[name];
    if (value === undefined || value === null) return undefined;
    const found = read(value);
    if (found === undefined) throw fail(`Field "${name}" must be ${type}`);
    return found;
  }

  function required<T>(name: string, value: T | undefined): T {
    if (value === undefined) throw fail(`Can't find field "${name}"`);
    return value;
  }

  const string = (name: string) => optional(name, readString, "of type String");
  const integer = (name: string) => optional(name, readInteger, "a valid Number");
  return {
    string,
    integer,
    boolean: (name: string) => optional(name, readBoolean, "of type Boolean"),
    requiredString: (name: string) => required(name, string(name)),
    requiredInteger: (name: string) => required(name, integer(name)),
  };
}

function readString(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : undefined;
}

function readInteger(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) ? number : undefined;
}

function readBoolean(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}
