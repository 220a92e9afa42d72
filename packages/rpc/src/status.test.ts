import { DomainError, type DomainErrorKind } from "@botfactory/decider";
import { Metadata, type ServiceError, type StatusObject, status } from "@grpc/grpc-js";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { fromServiceError, toStatus } from "./status.ts";

const table: [DomainErrorKind, status][] = [
  ["invalid", status.INVALID_ARGUMENT],
  ["unauthenticated", status.UNAUTHENTICATED],
  ["forbidden", status.PERMISSION_DENIED],
  ["not-found", status.NOT_FOUND],
  ["conflict", status.FAILED_PRECONDITION],
  ["exhausted", status.RESOURCE_EXHAUSTED],
  ["unavailable", status.UNAVAILABLE],
];

/** What grpc-js makes of a status at the client. */
const received = (sent: StatusObject): ServiceError =>
  Object.assign(new Error(`${sent.code} ${sent.details}`), { ...sent, metadata: sent.metadata });

describe("a refusal on the wire", () => {
  it.each(table)("of kind %s is gRPC status %d", (kind, code) => {
    expect(toStatus(new DomainError(kind, "some_code")).code).toBe(code);
  });

  it("comes back as it was, whatever its params say", () => {
    const names = fc.string({ unit: "grapheme" }).filter((name) => name !== "__proto__");
    const params = fc.dictionary(names, fc.string({ unit: "grapheme", maxLength: 20 }), {
      maxKeys: 8,
    });
    const kinds = fc.constantFrom(...table.map(([kind]) => kind));
    fc.assert(
      fc.property(kinds, params, (kind, given) => {
        const error = fromServiceError(received(toStatus(new DomainError(kind, "a_code", { params: given }))));
        expect(error).toMatchObject({ kind, code: "a_code" });
        expect({ ...(error as DomainError).params }).toEqual({ ...given });
      }),
    );
  });

  it("survives NUL and lone surrogates, and cuts long params, so that it still fits a header", () => {
    const params = { odd: "a\u0000b\ud800c", long: "ў".repeat(100_000) };
    const sent = toStatus(new DomainError("invalid", "field_invalid", { params }));
    expect(Buffer.byteLength(sent.metadata.get("grpc-status-details-bin")[0] ?? "")).toBeLessThan(2_000);
    expect(fromServiceError(received(sent))).toMatchObject({
      params: { odd: "a\u0000b\ufffdc", long: "ў".repeat(256) },
    });
  });

  it("asks not to be retried when the answer itself is 'unavailable'", () => {
    const { metadata } = toStatus(new DomainError("unavailable", "ai_overloaded"));
    expect(metadata.get("grpc-retry-pushback-ms")).toEqual(["-1"]);
  });
});

describe("anything else on the wire", () => {
  it.each([[new Error("mongodb://user:hunter2@db")], ["hunter2"], [undefined], [{ code: 7, details: "hunter2" }]])(
    "is 'internal error' for %p",
    (error) => {
      expect(toStatus(error)).toMatchObject({ code: status.INTERNAL, details: "internal error" });
      expect(JSON.stringify(toStatus(error))).not.toContain("hunter2");
    },
  );

  it.each([status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.CANCELLED, status.UNIMPLEMENTED])(
    "is unavailable for status %d",
    (code) => {
      const error = fromServiceError(received({ code, details: "", metadata: new Metadata() }));
      expect(error).toMatchObject({ kind: "unavailable", code: "unavailable" });
    },
  );

  it.each([status.INTERNAL, status.UNKNOWN, status.DATA_LOSS])("is a bug for status %d", (code) => {
    expect(fromServiceError(received({ code, details: "", metadata: new Metadata() }))).not.toBeInstanceOf(DomainError);
  });

  it("is read by its status when the details are foreign or broken", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const metadata = new Metadata();
        metadata.set("grpc-status-details-bin", Buffer.from(bytes));
        const error = fromServiceError(received({ code: status.NOT_FOUND, details: "", metadata }));
        expect(error).toMatchObject({ kind: "not-found", code: "not_found" });
      }),
    );
  });
});
