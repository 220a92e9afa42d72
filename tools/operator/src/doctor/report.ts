import type { Finding } from "./finding.ts";

/** The findings as lines for people. */
export function doctorReport(findings: readonly Finding[]): string[] {
  const count = (verdict: Finding["verdict"]) => findings.filter((finding) => finding.verdict === verdict).length;
  return [
    ...findings.flatMap((finding) => [
      `${finding.verdict}  ${finding.what}: ${finding.found}`,
      ...(finding.verdict === "FAIL" ? [`      -> ${finding.remedy}`] : []),
    ]),
    "",
    `${count("PASS")} passed, ${count("FAIL")} failed, ${count("SKIP")} skipped`,
  ];
}
