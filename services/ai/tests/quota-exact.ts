import { limitsOf } from "../src/quota-limits.ts";
import { exactQuota } from "./exact-quota.ts";

// npm run quota:exact: the limits of a free key, but windows of 4 s and days of 150 calls: without a kill and with one.
process.env["MONGODB_URL"] ??= "mongodb://127.0.0.1:9/none";
const limits = { ...limitsOf({ GEMINI_RPM: 60, GEMINI_RPD: 150 }), windowMs: 4_000 };
for (const killed of [false, true]) {
  const figures = await exactQuota({ limits, requests: 1_000, owners: 40, ...(killed ? { killAfter: 80 } : {}) });
  process.stdout.write(`${JSON.stringify({ killed, ...figures })}\n`);
  const leaked = figures.granted - figures.calls;
  const isExact = killed ? leaked <= figures.inFlightAtKill : figures.calls === limits.callsADay && leaked === 0;
  const isWithin = figures.busiestWindow <= limits.callsAWindow && figures.calls <= limits.callsADay;
  if (!isExact || !isWithin) process.exitCode = 1;
}
