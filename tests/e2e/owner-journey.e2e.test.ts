import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { openPage, signIn, startChromium } from "./support/browser.ts";
import { type Console, consoleOf, LABELS, type Language } from "./support/console.ts";
import { keepPicture, look } from "./support/look.ts";
import { startTestStack, type TestStack } from "./support/test-stack.ts";

// Long enough for the typing sign to be seen, as with the real model.
const THINKING_MS = 700;

interface Journey {
  readonly language: Language;
  readonly owner: string;
  readonly prompt: string;
  readonly says: readonly [string, string];
}

const journeys: readonly Journey[] = [
  {
    language: "uz",
    owner: "aziza",
    prompt: "Sen doʻstona doʻkon yordamchisisan.",
    says: ["Salom! Doʻkon soat nechada ochiladi?", "Rahmat, yakshanba kuni-chi?"],
  },
  {
    language: "ru",
    owner: "boris",
    prompt: "Ты терпеливый учитель Python.",
    says: ["Привет! Помоги мне с Python, пожалуйста", "А что такое список?"],
  },
  {
    language: "en",
    owner: "admin",
    prompt: "You are a kind language tutor.",
    says: ["Hi! Teach me some Uzbek words", "What did I just ask you?"],
  },
];

let stack: TestStack;
let browser: Browser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startTestStack(), startChromium()]);
}, 180_000);

afterAll(async () => {
  await browser.close();
  await stack.stop();
}, 60_000);

/**
 * A browser of one person: her language, a telephone's screen, nobody signed in. Without motion, since a notice that
 * is just fading away is too pale for the check of contrast.
 */
async function browserOf(language: Language) {
  const viewport = { width: 390, height: 844 };
  const context = await browser.newContext({ locale: language, viewport, reducedMotion: "reduce" });
  const { page, complaints } = await openPage(context);
  return { context, page, complaints, view: consoleOf(page, stack.web, LABELS[language]) };
}

describe.each(journeys)("an owner who reads $language", (journey) => {
  it("signs in, creates a bot, sets its webhook, is answered in Telegram, and takes the webhook away", async () => {
    const { language, owner, says } = journey;
    const { context, page, complaints, view } = await browserOf(language);
    const telegramBot = await stack.telegram.createBot({ firstName: `Bot ${language}` });

    await page.goto(stack.web);
    await page.locator("#username").waitFor();
    await keepPicture(page, `${language}-0-sign-in`);
    await signIn(page, stack.web, owner);
    await page.getByText(view.labels.noBotsTitle).waitFor();
    await look(page, `${language}-1-my-bots-empty`);

    await createsBot(view, journey, telegramBot.token);
    await view.setWebhook();
    await look(page, `${language}-4-webhook-set`);

    await isAnswered(telegramBot.id, journey);

    await view.sendTestMessage(says[0]);
    await page.locator('[role="log"]').getByText(`Bot ${language}`).waitFor();
    await look(page, `${language}-5-test-bot`);

    await view.deleteWebhook();
    expect((await stack.telegram.bot(telegramBot.id).webhook()).url).toBe("");

    await looksAround(view, language);
    await view.signOut();
    expect(complaints).toEqual([]);
    await context.close();
  }, 240_000);
});

async function createsBot(view: Console, { language, prompt }: Journey, token: string): Promise<void> {
  await view.openCreateForm();
  await view.fillCreateForm({ name: `Bot ${language}`, prompt, token, language });
  await look(view.page, `${language}-2-create-bot`);
  await view.submitCreateForm();
  await view.onWebhookPage();
  // The form is done with: the way back from the new bot leads to all bots.
  await view.page.goBack();
  await view.page.getByRole("article", { name: `Bot ${language}` }).waitFor();
  await view.page.goForward();
  await view.onWebhookPage();
  await view.alert(view.labels.webhookOff).waitFor();
  await look(view.page, `${language}-3-webhook-not-set`);
}

/** Two messages of somebody in Telegram: each is seen to be typed at and answered, the second with the first in mind. */
async function isAnswered(botId: number, { language, prompt, says }: Journey): Promise<void> {
  const chatId = 700 + language.charCodeAt(0);
  await stack.model.forget();
  await stack.model.thinkFor(THINKING_MS, says.length);
  for (const [index, text] of says.entries()) {
    await stack.telegram.user(chatId).send(botId, text);
    expect(await stack.telegram.waitForTyping({ chatId, botId })).toMatchObject({ action: "typing" });
    const replies = await stack.telegram.waitForReply({ chatId, botId, count: index + 1, timeoutMs: 30_000 });
    // The stand-in repeats what it was told, in the language it was told it.
    expect(replies.at(-1)?.text).toContain(text);
  }
  const requests = await stack.model.requests();
  expect(requests).toHaveLength(says.length);
  const last = requests.at(-1)?.body;
  expect(last?.systemInstruction?.parts.map(({ text }) => text).join()).toContain(prompt);
  expect(last?.contents.map(({ role }) => role)).toEqual(["user", "model", "user"]);
  const [asked, answered, askedAgain] = last?.contents.map(({ parts }) => parts.map(({ text }) => text).join()) ?? [];
  expect([asked, answered]).toEqual([expect.stringContaining(says[0]), expect.stringContaining(says[0])]);
  expect(askedAgain).toContain(says[1]);
}

async function looksAround(view: Console, language: Language): Promise<void> {
  const { page, labels } = view;
  await view.openMyBots();
  await page.getByRole("article", { name: `Bot ${language}` }).waitFor();
  await look(page, `${language}-6-my-bots`);
  await view.link(labels.editBot).click();
  await view.field(labels.field.name).waitFor();
  await look(page, `${language}-7-settings`);
}

describe("an owner whose day goes wrong", () => {
  it("is told so before she fills in a form her plan has no room for, and again when she sends it", async () => {
    const { context, page, view } = await browserOf("uz");
    await signIn(page, stack.web, "aziza");
    const { token } = await stack.telegram.createBot();
    await view.openCreateForm();
    await view.alert(view.labels.planFull).waitFor();
    await view.createByKeyboard({ name: "Ikkinchi", prompt: "Sen yordamchi botsan", token, language: "uz" });
    await page.locator('[data-code="plan_limit_reached"]').waitFor();
    await look(page, "uz-8-plan-limit");
    expect(await view.field(view.labels.field.name).inputValue()).toBe("Ikkinchi");
    await context.close();
  }, 120_000);

  it("sees what is wrong with a token and with an address, in her language and beside the field", async () => {
    const { context, page, view } = await browserOf("ru");
    await signIn(page, stack.web, "boris");
    await view.link(view.labels.editBot).click();
    const token = view.field(view.labels.field.newToken);
    await token.fill("1234567890:ABCdefGHIjklMNOpqrsTUVwxyz");
    await view.button(view.labels.save).click();
    await page.locator('[data-code="token_invalid"]').waitFor();
    expect(await token.getAttribute("aria-invalid")).toBe("true");
    await look(page, "ru-8-invalid-token");

    await view.link(view.labels.webhookSetup).click();
    const address = view.field(view.labels.webhook.baseUrl);
    await address.fill("ftp://mening-saytim.uz/bot");
    await view.button(view.labels.webhook.set).click();
    await page.locator('[data-code^="webhook_url_"]').waitFor();
    expect(await address.getAttribute("aria-invalid")).toBe("true");
    await look(page, "ru-9-invalid-address");
    await context.close();
  }, 120_000);

  it("keeps her text when the connection goes, and sends it once however often she presses", async () => {
    const { context, page, view } = await browserOf("en");
    const { labels } = view;
    await signIn(page, stack.web, "admin");
    await view.link(labels.editBot).click();
    await view.field(labels.field.description).fill("Typed before the tunnel");
    await context.setOffline(true);
    await view.button(labels.save).click();
    await view.alert(labels.noAnswer.title).waitFor();
    await look(page, "en-8-no-answer");
    await context.setOffline(false);

    const sent: string[] = [];
    page.on("request", (request) => request.method() === "PATCH" && sent.push(request.postData() ?? ""));
    await view.button(labels.save).dblclick();
    await page.getByText(labels.saved, { exact: true }).waitFor();
    expect(sent).toEqual([JSON.stringify({ description: "Typed before the tunnel" })]);
    await context.close();
  }, 120_000);

  it("signs in again where she was when her session is over, and finds her unsaved text there", async () => {
    const { context, page, view } = await browserOf("en");
    const { labels } = view;
    await signIn(page, stack.web, "admin");
    await view.link(labels.editBot).click();
    await view.field(labels.field.systemPrompt).fill("You are a kind tutor with a long memory.");
    const here = page.url();
    await context.clearCookies();
    await view.button(labels.save).click();
    await page.locator("#username").waitFor();
    await page.locator("#username").fill("admin");
    await page.locator("#password").fill("demo-admin");
    await page.locator("#kc-login").click();
    await page.getByText(labels.draftRestored).waitFor();
    expect(page.url()).toBe(here);
    expect(await view.field(labels.field.systemPrompt).inputValue()).toBe("You are a kind tutor with a long memory.");
    await context.close();
  }, 120_000);
});
