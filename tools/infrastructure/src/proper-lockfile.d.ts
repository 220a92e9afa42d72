/** The part of proper-lockfile used here; the package carries no types. */
declare module "proper-lockfile" {
  interface LockOptions {
    realpath?: boolean;
    stale?: number;
    retries?: { retries: number; factor: number; minTimeout: number; maxTimeout: number };
  }
  export function lock(file: string, options?: LockOptions): Promise<() => Promise<void>>;
}
