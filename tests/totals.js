/** Adds jest's JSON reports up to the one line CI reads: `N passed, N failed`. A tier without a report counts as failed. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [directory = ".", ...tiers] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const tier of tiers) {
  const file = join(directory, `${tier}.json`);
  const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
  passed += report?.numPassedTests ?? 0;
  // A suite that cannot even start has no tests in the report, and is a failure all the same.
  failed += report ? report.numFailedTests + report.numRuntimeErrorTestSuites : 1;
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
