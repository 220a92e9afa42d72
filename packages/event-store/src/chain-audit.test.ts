import { beforeEach, describe, expect, it } from "@jest/globals";
import type { AuditedEvent } from "./audited-aggregate.ts";
import { chainAudit } from "./chain-audit.ts";
import { CHAIN_START, type ChainLink, chainHash, follow } from "./event-chain.ts";

let audit: ReturnType<typeof chainAudit>;
let links: Map<string, ChainLink>;
let sequence: number;
beforeEach(() => {
  audit = chainAudit();
  links = new Map();
  sequence = 0;
});

const bytes = (text: string) => new TextEncoder().encode(text);

/** The next event of a subject, as a store would have written it. */
function next(subject: string, more: Partial<AuditedEvent> = {}): AuditedEvent {
  const link = links.get(subject) ?? CHAIN_START;
  const version = (link.version ?? 0) + 1;
  const event = {
    subject,
    sequence: ++sequence,
    id: `e${sequence}`,
    type: "t",
    data: bytes("hello"),
    time: new Date(0),
  };
  const written = { ...event, ...more };
  const whole = { ...written, version, hash: chainHash(link.hash, version, written) };
  const after = follow(link, whole);
  if (typeof after === "object") links.set(subject, after);
  return whole;
}

const invariants = (event: AuditedEvent) => audit.see(event).map(({ invariant }) => invariant);

describe("the audit of a stream", () => {
  it("finds nothing in what a store writes, over several subjects", () => {
    for (const subject of ["a", "b", "a", "a", "b"]) expect(audit.see(next(subject))).toEqual([]);
    expect(audit.end(5)).toEqual([]);
  });

  it("finds a message that is gone, and the version that is", () => {
    audit.see(next("a"));
    next("a");
    expect(invariants(next("a"))).toEqual(["stream sequences without holes", "versions of a subject without gaps"]);
    expect(audit.see(next("a"))).toEqual([]);
  });

  it("finds a subject's last event gone by the hole it leaves", () => {
    audit.see(next("a"));
    next("a");
    expect(audit.see(next("b"))).toEqual([
      {
        invariant: "stream sequences without holes",
        detail: "1 message(s) before it are gone",
        subject: "b",
        version: 1,
        sequence: 3,
      },
    ]);
    expect(audit.end(5)).toEqual([
      { invariant: "stream sequences without holes", detail: "nothing from 4 to 5 can be read" },
    ]);
  });

  it.each(["data", "id", "type", "subject"] as const)("finds an event whose %s is not what was written", (field) => {
    const altered = { ...next("a"), [field]: field === "data" ? bytes("hallo") : "other" };
    expect(invariants(altered)).toEqual(["hash chain"]);
  });

  it("finds headers that were stripped, also of a whole subject", () => {
    const { version: _, hash: __, ...old } = next("a");
    expect(audit.see({ ...old, version: undefined, hash: undefined })).toEqual([]);
    expect(audit.unchained()).toBe(1);
    audit.see(next("b"));
    expect(invariants({ ...next("c"), version: undefined, hash: undefined })).toEqual(["hash chain"]);
  });

  it("finds an event that is there twice", () => {
    audit.see(next("a", { id: "same" }));
    expect(invariants(next("b", { id: "same" }))).toEqual(["event ids are unique"]);
  });

  it("finds a token that was not sealed", () => {
    const token = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc";
    expect(invariants(next("a", { data: bytes(`\u0001${token}\u0002`) }))).toEqual(["no Telegram token in plain text"]);
  });
});
