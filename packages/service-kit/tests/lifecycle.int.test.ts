import { describe, expect, it } from "@jest/globals";
import { runProgram } from "./support/run-program.ts";

const messages = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line).msg);

describe("a process that is told to stop", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "by %s finishes its steps, the last opened first, and exits 0",
    async (signal) => {
      const program = runProgram("stopping");
      await program.said("started");
      program.kill(signal);
      expect(await program.ended()).toBe(0);
      expect(messages(program.text())).toEqual([
        "started",
        "stopping",
        "work finished",
        "a step of stopping failed",
        "connection closed",
        "stopped",
        "end of main",
      ]);
      expect(program.text()).toContain('"stopping":true');
    },
  );

  it("gives up at its deadline, says so, and exits 1", async () => {
    const program = runProgram("stopping", { HANG: "1" });
    await program.said("started");
    program.kill("SIGTERM");
    expect(await program.ended()).toBe(1);
    expect(messages(program.text())).toContain("stopped before everything was done");
    expect(messages(program.text())).toContain("something kept the process alive");
  });
});

describe("a process that meets an error nobody caught", () => {
  it("logs it without secrets, stops in order, and exits 1", async () => {
    const program = runProgram("stopping", { CRASH: "1" });
    expect(await program.ended()).toBe(1);
    expect(messages(program.text())).toContain("crashed");
    expect(messages(program.text())).toContain("connection closed");
    expect(program.text()).not.toContain("hunter2");
  });
});
