/**
 * Fails on a published weakness, high or critical, of anything but development dependencies. Goes on, and says so, where
 * the registry does not answer: offline, or a mirror without that service.
 */
import { spawnSync } from "node:child_process";

const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--audit-level=high", "--fetch-retries=1", "--json"], {
  encoding: "utf8",
});

function parsed() {
  try {
    return JSON.parse(stdout);
  } catch {
    return {};
  }
}

const { vulnerabilities, message, error } = parsed();
if (vulnerabilities === undefined) {
  process.stdout.write(
    `audit: not done, the registry does not answer it (${message || error?.summary || "no reason given"})\n`,
  );
} else {
  const severe = Object.values(vulnerabilities).filter(({ severity }) => ["high", "critical"].includes(severity));
  for (const { name, range, severity, via } of severe) {
    const titles = via.map((cause) => (typeof cause === "string" ? `by ${cause}` : `${cause.title} ${cause.url}`));
    process.stderr.write(`audit: ${severity}: ${name} ${range}: ${titles.join("; ")}\n`);
  }
  process.stdout.write(`audit: ${severe.length} high or critical\n`);
  process.exitCode = severe.length > 0 ? 1 : 0;
}
