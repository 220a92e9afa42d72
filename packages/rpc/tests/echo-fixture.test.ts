import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "@jest/globals";

const folder = fileURLToPath(new URL("./proto", import.meta.url));
const buf = fileURLToPath(new URL("../../../node_modules/.bin/buf", import.meta.url));

it("the committed code of the echo service is what buf makes of its proto file", () => {
  const fresh = mkdtempSync(join(tmpdir(), "echo-"));
  execFileSync(buf, ["generate", "--output", fresh], { cwd: folder });
  const [committed, generated] = [folder, fresh].map((root) => readFileSync(join(root, "gen/echo_pb.ts"), "utf8"));
  rmSync(fresh, { recursive: true });
  expect(committed).toBe(generated);
});
