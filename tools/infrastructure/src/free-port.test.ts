import { describe, expect, it } from "@jest/globals";
import { freePort } from "./free-port.ts";

describe("a free port", () => {
  it("is another one each time: whom it was given to may not have taken it yet", async () => {
    const ports: number[] = [];
    while (ports.length < 1_000) ports.push(await freePort());
    expect(new Set(ports).size).toBe(ports.length);
  });
});
