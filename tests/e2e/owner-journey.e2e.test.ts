import { mkdir } from "node:fs/promises";
import { AxeBuilder } from "@axe-core/playwright";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { en } from "../../services/web/client/src/locales/en.ts";
import { ru } from "../../services/web/client/src/locales/ru.ts";
import { uz } from "../../services/web/client/src/locales/uz.ts";
import { openPage, signIn, startChromium } from "./support/browser.ts";
import { startTestStack, type TestStack } from "./support/test-stack.ts";

const SCREENSHOTS = ".botfactory/screenshots";

const journeys = [
  {
    language: "uz",
    labels: uz,
    owner: "aziza",
    prompt: "Sen doʻstona doʻkon yordamchisisan.",
    says: ["Salom! Doʻkon soat nechada ochiladi?", "Rahmat, yakshanba kuni-chi?"],
  },
  {
    language: "ru",
    labels: ru,
    owner: "boris",
    prompt: "Ты терпеливый учитель Python.",
    says: ["Привет! Помоги мне с Python, пожалуйста", "А что такое список?"],
  },
  {
    language: "en",
    labels: en,
    owner: "admin",
    prompt: "You are a kind language tutor.",
    says: ["Hi! Teach me some Uzbek words", "What did I just ask you?"],
  },
] as const;

let stack: TestStack;
let browser: Browser;

beforeAll(async () => {
  await mkdir(SCREENSHOTS, { recursive: true });
  [stack, browser] = await Promise.all([startTestStack(), startChromium()]);
}, 120_000);

afterAll(async () => {
  await browser.close();
  await stack.stop();
}, 60_000);

describe.each(journeys)("an owner who reads $language", ({ language, labels, owner, prompt, says }) => {
  it("signs in, creates a bot, sets its webhook, is answered in Telegram, and takes the webhook away", async () => {
    const context = await browser.newContext({ locale: language, viewport: { width: 390, height: 844 } });
    const { page, complaints } = await openPage(context);
    const picture = (name: string) =>
      page.screenshot({ path: `${SCREENSHOTS}/${language}-${name}.png`, fullPage: true });
    const button = (name: string) => page.getByRole("button", { name, exact: true });

    await signIn(page, stack.web, owner);
    await page.getByRole("heading", { name: labels.myBots }).waitFor();
    await page.getByText(labels.noBotsTitle).waitFor();
    await picture("1-my-bots-empty");
    await expectAccessible(page);

    const telegramBot = await stack.telegram.createBot({ firstName: `Bot ${language}` });
    await page.getByRole("link", { name: labels.createNewBot }).click();
    await page.getByLabel(labels.field.name).fill(`Bot ${language}`);
    await page.getByLabel(labels.field.description, { exact: true }).fill("e2e");
    await page.locator("form").getByLabel(labels.field.language).selectOption(language);
    await page.getByLabel(labels.field.systemPrompt).fill(prompt);
    await page.getByRole("textbox", { name: labels.field.telegramToken }).fill(telegramBot.token);
    await picture("2-create-bot");
    await expectAccessible(page);
    await button(labels.createBot).click();

    await page.waitForURL(/\/telegram\/setup\//);
    await page.getByText(labels.webhookOff).first().waitFor();
    await picture("3-webhook-not-set");
    await expectAccessible(page);
    await button(labels.webhook.set).click();
    await page.getByText(labels.webhook.works).waitFor();
    await picture("4-webhook-set");

    const chatId = 700 + language.charCodeAt(0);
    const user = stack.telegram.user(chatId);
    await stack.model.forget();
    await stack.model.script({ latencyMs: 700 });
    for (const [index, text] of says.entries()) {
      await user.send(telegramBot.id, text);
      expect(await stack.telegram.waitForTyping({ chatId, botId: telegramBot.id })).toMatchObject({ action: "typing" });
      await stack.telegram.waitForReply({ chatId, botId: telegramBot.id, count: index + 1 });
    }
    const requests = await stack.model.requests();
    expect(requests).toHaveLength(says.length);
    const last = requests.at(-1)?.body;
    expect(last?.systemInstruction?.parts.map(({ text }) => text).join()).toContain(prompt);
    const spoken = last?.contents.map(({ role, parts }) => `${role}: ${parts.map(({ text }) => text).join("")}`);
    expect(spoken?.map((line) => line.slice(0, 5))).toEqual(["user:", "model", "user:"]);
    expect(spoken?.[0]).toContain(says[0]);
    expect(spoken?.[2]).toContain(says[1]);

    await page.getByRole("link", { name: labels.testBot }).click();
    await page.getByLabel(labels.test.message).fill(says[0]);
    await button(labels.test.send).click();
    await page.locator('[role="log"]').getByText(`Bot ${language}`).waitFor();
    await picture("5-test-bot");
    await expectAccessible(page);

    await page.getByRole("link", { name: labels.webhookSetup }).click();
    await button(labels.webhook.delete).click();
    await page.getByRole("dialog").getByRole("button", { name: labels.webhook.delete }).click();
    await page.getByText(labels.webhookOff).first().waitFor();
    expect((await stack.telegram.bot(telegramBot.id).webhook()).url).toBe("");

    await page.goto(`${stack.web}/bots`);
    await page.getByRole("article", { name: `Bot ${language}` }).waitFor();
    await picture("6-my-bots");
    await page.goto(`${stack.web}/bots/${new URL(page.url()).pathname === "/bots" ? await firstBotId(page) : ""}`);
    await page.getByLabel(labels.field.name).waitFor();
    await picture("7-settings");
    await expectAccessible(page);

    await button(labels.signOut).click();
    await page.waitForURL(/\/realms\//);
    expect(complaints).toEqual([]);
    await context.close();
  }, 120_000);
});

async function firstBotId(page: Page): Promise<string> {
  const href = await page.locator('a[href^="/telegram/setup/"]').first().getAttribute("href");
  return href?.split("/").at(-1) ?? "";
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`)).toEqual([]);
}
