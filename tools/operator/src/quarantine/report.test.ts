import { describe, expect, it } from "@jest/globals";
import { jsonReport, quarantinedReport } from "./report.ts";

// What clears the screen, in one character of its own (CSI) and in two.
const reason = "a\u009b2Jb\u001b[2J\u007f";
const message = { sequence: 1, at: "", service: "ingress", botId: "b", subject: "", reason, bytes: 1 };

describe("what a header says", () => {
  it("commands no terminal, neither as text nor as JSON", () => {
    for (const report of [quarantinedReport(message).join("\n"), jsonReport(message)]) {
      expect(report).toContain("a\\u009b2Jb\\u001b[2J\\u007f");
      expect(report).not.toMatch(/[^\P{Cc}\n]/u);
    }
  });

  it("is read from the JSON as it was", () => {
    expect(JSON.parse(jsonReport(message))).toEqual(message);
  });
});
