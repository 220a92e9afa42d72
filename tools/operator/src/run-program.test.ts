import { describe, expect, it } from "@jest/globals";
import { wordsOf } from "./run-program.ts";

describe("the words of a command", () => {
  it("are those that were typed, whatever the variable says", () => {
    expect(wordsOf(["audit", "--json"], { BOTFACTORY_COMMAND: "doctor" })).toEqual(["audit", "--json"]);
  });

  it("are the variable's, where nothing was typed", () => {
    const BOTFACTORY_COMMAND = " restore  /backups/2026-11-22T10-15-00Z ";
    expect(wordsOf([], { BOTFACTORY_COMMAND })).toEqual(["restore", "/backups/2026-11-22T10-15-00Z"]);
  });

  it("ask for help, where there are none", () => {
    expect(wordsOf([], {})).toEqual(["--help"]);
  });
});
