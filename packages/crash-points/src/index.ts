import type { CrashPoint } from "./crash-point.ts";

export type { CrashPoint } from "./crash-point.ts";

/** Does nothing. Under the export condition `@botfactory/chaos` another module stands here, and this is where it kills. */
export function crashPoint(_name: CrashPoint): void {}
