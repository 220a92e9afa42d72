import { mkdir } from "node:fs/promises";
import { AxeBuilder } from "@axe-core/playwright";
import { expect } from "@jest/globals";
import type { Page } from "playwright-core";

const SCREENSHOTS = ".botfactory/screenshots";
const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 800 };
// The narrowest telephone still sold in numbers.
const NARROW = { width: 360, height: 740 };

/** Looks at a page as different people see it; pictures are kept, faults of access and of width fail the test. */
export async function look(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  const picture = (how: string) =>
    page.screenshot({ path: `${SCREENSHOTS}/${name}-${how}.png`, fullPage: true, animations: "disabled" });
  await page.setViewportSize(DESKTOP);
  await picture("desktop-light");
  await page.setViewportSize(NARROW);
  expect(await contentWidth(page)).toBeLessThanOrEqual(NARROW.width);
  await page.setViewportSize(PHONE);
  await expectAccessible(page);
  await picture("phone-light");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
  await expectAccessible(page);
  await picture("phone-dark");
  await page.setViewportSize(DESKTOP);
  await picture("desktop-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(PHONE);
  await page.locator('html[data-mantine-color-scheme="light"]').waitFor();
}

/** A picture of a page that is not ours to judge. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
}

function contentWidth(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth);
}

async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
  });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const faults = serious.map(({ id, nodes }) => {
    const where = nodes.map(({ html, failureSummary }) => `${html}\n  ${failureSummary}`);
    return `${id}: ${where.join("\n")}`;
  });
  expect(faults).toEqual([]);
}
