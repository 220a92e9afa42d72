import { accept } from "./benches/accept.ts";
import { badDays } from "./benches/bad-days.ts";
import { delay } from "./benches/delay.ts";
import { fairness } from "./benches/fairness.ts";
import { growth } from "./benches/growth.ts";
import { history } from "./benches/history.ts";
import { quota } from "./benches/quota.ts";
import { recovery } from "./benches/recovery.ts";
import { start } from "./benches/start.ts";
import { steps } from "./benches/steps.ts";
import { subjects } from "./benches/subjects.ts";
import { turns } from "./benches/turns.ts";
import type { Bench } from "./harness/bench.ts";

/** Every bench, in the order in which they run: a service is started before the others have filled what it loads. */
export const menu: readonly Bench[] = [
  start,
  accept,
  delay,
  steps,
  turns,
  fairness,
  quota,
  growth,
  history,
  recovery,
  badDays,
  subjects,
];
