import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "@jest/globals";

const CHART = "deploy/helm/botfactory";

interface Page {
  readonly path: string;
  readonly text: string;
}

async function textsIn(folder: string, ending: RegExp, recursive = false): Promise<Page[]> {
  const files = (await readdir(folder, { recursive })).filter((file) => ending.test(file));
  return Promise.all(
    files.map(async (file) => ({ path: join(folder, file), text: await readFile(join(folder, file), "utf8") })),
  );
}

const pages = [
  ...(await textsIn(".", /\.md$/)),
  ...(await textsIn("docs", /\.md$/, true)),
  ...(await textsIn(CHART, /\.(md|yaml|gotmpl)$/)),
];
const targets = new Set(
  [...(await readFile("Makefile", "utf8")).matchAll(/^([a-z][a-z0-9-]*):/gm)].map(([, target]) => target),
);

/** Every first group of the pattern. */
const named = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name]) => name ?? "");

/** What is written as code: between backticks, in fenced blocks, in the comments of YAML. In prose one makes bots. */
function codeIn({ path, text }: Page): string[] {
  const fenced = named(text, /^ *```\w*\n([\s\S]*?)^ *```$/gm);
  const comments = path.endsWith(".md") ? [] : named(text, /(\(.*\bmake .*\))/g);
  return [...fenced, ...comments, ...named(text, /`([^`\n]+)`/g)];
}

/** The targets of `make` in code: at the start of a command, after variables and words such as `(written by`. */
function targetsIn(page: Page): string[] {
  return codeIn(page).flatMap((code) => named(code, /(?:^|&& |; |\(|by |[A-Z]=\S* )make ([a-z][a-z0-9-]*)/gm));
}

const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\- ]/gu, "")
    .trim()
    .replaceAll(" ", "-");

/** Links that lead to no file, or to no heading of it. */
async function lostLinks({ path, text }: Page): Promise<string[]> {
  const links = named(text, /\]\(([^)\s]+)\)/g).filter((link) => !/^[a-z]+:/.test(link));
  const lost = await Promise.all(links.map(async (link) => ((await leadsSomewhere(path, link)) ? [] : [link])));
  return lost.flat();
}

async function leadsSomewhere(path: string, link: string): Promise<boolean> {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? path : normalize(join(dirname(path), file));
  if (!existsSync(target)) return false;
  if (anchor === undefined || !target.endsWith(".md")) return true;
  return named(await readFile(target, "utf8"), /^#+ (.*)$/gm).some((heading) => anchorOf(heading) === anchor);
}

describe("what the documentation names is there", () => {
  it.each(pages)("$path", async (page) => {
    const files = named(page.text, /\b(docs\/[\w./-]+\.md)\b/g).filter((file) => !existsSync(file));
    const unknown = targetsIn(page).filter((target) => !targets.has(target));
    expect({ links: await lostLinks(page), files, targets: unknown }).toEqual({ links: [], files: [], targets: [] });
  });

  it("also where somebody would have to look for it", () => {
    const asked = new Set(pages.flatMap(targetsIn));
    expect(["up", "chart-check", "monitoring-check", "chaos-upgrade"].filter((target) => !asked.has(target))).toEqual(
      [],
    );
  });
});
