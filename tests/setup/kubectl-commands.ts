import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A page of the documentation, with what it tells to give kubectl. */
export interface PageWithCommands {
  readonly path: string;
  readonly text: string;
  /** Each up to the end of its line, or to what the shell does next. */
  readonly commands: readonly string[];
}

const files = (await readdir("docs", { recursive: true })).filter((file) => file.endsWith(".md"));
const paths = ["README.md", "SECURITY.md", ...files.map((file) => join("docs", file))];

export const pagesWithCommands: readonly PageWithCommands[] = (await Promise.all(paths.map(pageAt))).filter(
  ({ commands }) => commands.length > 0,
);

async function pageAt(path: string): Promise<PageWithCommands> {
  const text = await readFile(path, "utf8");
  return { path, text, commands: [...text.matchAll(/\bkubectl [^`\n|;&]*/g)].map(([command]) => command.trim()) };
}

/** An object of the chart as a command names it: `deploy/$R-web` is the kind deploy, the suffix web. */
export interface NamedObject {
  readonly kind: string;
  readonly suffix: string;
}

/** Of a release called botfactory also by its whole name; a Secret that is the reader's own, `secret botfactory-…`, is not meant. */
export function objectsIn(command: string): NamedObject[] {
  const found = command.matchAll(/(\w+)(?:[/ ]\$R-|\/botfactory-)([a-z][a-z-]*)/g);
  return [...found].map(([, kind = "", suffix = ""]) => ({ kind, suffix }));
}

/** Components whose pods or objects a command selects, by `=` or `in (…)`. */
export function componentsIn(text: string): string[] {
  const found = text.matchAll(/app\.kubernetes\.io\/component(?:=([\w-]+)| in \(([\w,-]+)\))/g);
  return [...found].flatMap(([, one, several]) => (one ?? several ?? "").split(","));
}
