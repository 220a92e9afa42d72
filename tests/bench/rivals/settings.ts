import { once } from "node:events";
import type { Server } from "node:http";

/** A variable the bench set. */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** Tells the bench where the rival is. */
export function sayReady(server: Server): void {
  void once(server, "listening").then(() => say({ port: (server.address() as { port: number }).port }));
}

/** One line of JSON for the bench. */
export function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
