import { readFile } from "node:fs/promises";
import type { TestStack } from "./test-stack.ts";

/** A line as services write it. */
export interface LogLine {
  readonly service: string;
  readonly level: string;
  readonly msg: string;
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly updateId?: string;
}

/** Everything the stack's processes have written so far. */
export async function linesOf(stack: Pick<TestStack, "processes">): Promise<readonly LogLine[]> {
  const texts = await Promise.all(stack.processes.map(({ logFile }) => readFile(logFile, "utf8")));
  return texts.flatMap((text) =>
    text
      .split("\n")
      .filter((line) => line.startsWith("{") && line.endsWith("}"))
      .map((line): LogLine => JSON.parse(line)),
  );
}
