import { describe, expect, it } from "@jest/globals";
import { backupName, outdated, unfinishedBackups, wholeBackups } from "./retention.ts";

const now = new Date("2026-11-22T10:15:00Z");
const kept = { keepHours: 24, keepDays: 30 };

describe("a backup's name", () => {
  it("is its moment, and can be a file's name", () => {
    expect(backupName(new Date("2026-11-22T10:15:09.250Z"))).toBe("2026-11-22T10-15-09Z");
  });
});

describe("backups whose time is over", () => {
  it("are none of the last day", () => {
    expect(outdated(["2026-11-21T10-15-00Z", "2026-11-22T10-00-00Z", "2026-11-22T10-15-00Z"], now, kept)).toEqual([]);
  });

  it("are all of an earlier day but its last", () => {
    const day = ["2026-11-20T23-45-00Z", "2026-11-20T23-30-00Z", "2026-11-20T00-00-00Z"];
    expect(outdated([...day, "2026-11-22T10-15-00Z"], now, kept)).toEqual(day.slice(1));
  });

  it("are all from before the days that are kept, except the newest there is", () => {
    const old = ["2026-10-20T23-45-00Z", "2026-10-19T23-45-00Z"];
    expect(outdated([...old, "2026-11-22T10-15-00Z"], now, kept)).toEqual(old);
    expect(outdated(old, now, kept)).toEqual(["2026-10-19T23-45-00Z"]);
  });

  it("are none that are not whole: how old they are, their files say", () => {
    const broken = "2026-11-20T23-59-00Z.unfinished";
    expect(outdated([broken, "2026-11-22T10-15-00Z"], now, kept)).toEqual([]);
    expect(unfinishedBackups([broken, "2026-11-22T10-15-00Z", "lost+found"])).toEqual([broken]);
    expect(wholeBackups([broken, "2026-11-21T10-15-00Z", "2026-11-22T10-15-00Z"])).toEqual([
      "2026-11-22T10-15-00Z",
      "2026-11-21T10-15-00Z",
    ]);
  });

  it("are nothing that somebody put beside them", () => {
    expect(outdated(["lost+found", "before-the-upgrade", "2020-01-01T00-00-00Z.tar"], now, kept)).toEqual([]);
  });
});
