import { describe, expect, it } from "@jest/globals";
import { judgeClients } from "./check-keycloak-clients.ts";
import { judgeDocuments } from "./check-mongodb.ts";
import { judgeStore } from "./check-nats-servers.ts";
import { compareClocks } from "./clock.ts";
import { judgeVersion } from "./nats-version.ts";

const verdictOf = ({ verdict }: { verdict: string }) => verdict;

describe("the doctor", () => {
  it.each([
    ["1.99.99", "append a batch"],
    ["2.12.0", "append a batch"],
    ["", "append a batch"],
    ["2.12.1", "past their permissions"],
    ["2.13.99", "past their permissions"],
  ])("wants another NATS than %s: older ones … %s", (version, why) => {
    const remedy = expect.stringMatching(`2\\.14\\.0 or later: .*${why}`);
    expect(judgeVersion("NATS version", version)).toMatchObject({ verdict: "FAIL", found: version, remedy });
  });

  it.each(["2.14.0", "2.14.6", "2.15.0-beta.1", "3.0.0"])("passes NATS %s", (version) => {
    expect(verdictOf(judgeVersion("NATS version", version))).toBe("PASS");
  });

  it.each([
    [{ mongodb: "7.0.5" }, "PASS"],
    [{ mongodb: "6.0.14" }, "FAIL"],
    [{ mongodb: "7.0.77", ferretdb: "v2.7.0" }, "PASS"],
    [{ mongodb: "7.0.42", ferretdb: "v1.24.0" }, "FAIL"],
  ])("judges a database that says %j: %s", (versions, verdict) => {
    expect(verdictOf(judgeDocuments(versions))).toBe(verdict);
  });

  it.each([
    [900, "PASS"],
    [901, "FAIL"],
  ])("wants a tenth of the log's store free; %i of 1000 used: %s", (used, verdict) => {
    expect(verdictOf(judgeStore("NATS store", { used, most: 1000 }))).toBe(verdict);
  });

  it.each([
    ["http://127.0.0.1:8084", "SKIP"],
    ["http://[::1]:8084", "SKIP"],
    ["http://keycloak.localhost:8084", "SKIP"],
    ["https://127.0.0.1.example.org", "FAIL"],
    ["https://notlocalhost", "FAIL"],
    ["http://keycloak:8080", "FAIL"],
  ])("lets the demo realm's clients be where only one machine is: %s, %s", (url, verdict) => {
    expect(judgeClients(["botfactory-cli takes people's passwords"], `${url}/realms/botfactory`)).toMatchObject({
      verdict,
      found: expect.stringContaining("botfactory-cli"),
    });
    expect(verdictOf(judgeClients([], url))).toBe("PASS");
  });

  it.each([
    { ours: 104_999, precisionMs: 0, verdict: "PASS", found: "5.0 s ahead" },
    { ours: 105_000, precisionMs: 0, verdict: "FAIL", found: "5.0 s ahead" },
    { ours: 94_000, precisionMs: 0, verdict: "FAIL", found: "6.0 s behind" },
    // The other clock stood anywhere between 100.0 and 101.0 s.
    { ours: 105_900, precisionMs: 1_000, verdict: "PASS", found: "5.4 s ahead" },
    { ours: 106_000, precisionMs: 1_000, verdict: "FAIL", found: "5.5 s ahead" },
  ])("compares two clocks: $found, $verdict", ({ ours, precisionMs, verdict, found }) => {
    expect(compareClocks({ what: "clock", theirs: 100_000, ours, precisionMs })).toMatchObject({ verdict, found });
  });

  it("compares with no clock that tells nothing", () => {
    expect(verdictOf(compareClocks({ what: "clock", theirs: Number.NaN, ours: 100_000 }))).toBe("SKIP");
  });
});
