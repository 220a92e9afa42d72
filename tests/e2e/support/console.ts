import type { Page } from "playwright-core";
import { en, type Labels } from "../../../services/web/client/src/locales/en.ts";
import { ru } from "../../../services/web/client/src/locales/ru.ts";
import { uz } from "../../../services/web/client/src/locales/uz.ts";

export const LABELS = { uz, ru, en } satisfies Record<string, Labels>;
export type Language = keyof typeof LABELS;

export interface NewBot {
  readonly name: string;
  readonly prompt: string;
  readonly token: string;
  readonly language: Language;
}

export type Console = ReturnType<typeof consoleOf>;

/** The console's pages by what a person does on them, in the words of one language. */
export function consoleOf(page: Page, web: string, labels: Labels) {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });
  return {
    page,
    labels,
    button,
    link,
    field: (name: string) => page.locator("form").getByRole("textbox", { name }),
    alert: (title: string) => page.getByRole("alert").filter({ hasText: title }),
    openMyBots: async () => {
      await page.goto(`${web}/bots`);
      await page.getByRole("heading", { name: labels.myBots, exact: true }).waitFor();
    },
    async openCreateForm() {
      await link(labels.createNewBot).click();
      await this.field(labels.field.name).waitFor();
    },
    async fillCreateForm({ name, prompt, token, language }: NewBot) {
      await this.field(labels.field.name).fill(name);
      await this.field(labels.field.description).fill("e2e");
      await page.locator("form").getByLabel(labels.field.language, { exact: true }).selectOption(language);
      await this.field(labels.field.systemPrompt).fill(prompt);
      await this.field(labels.field.telegramToken).fill(token);
    },
    /** From the first field to the sent form without a mouse. */
    async createByKeyboard({ name, prompt, token }: NewBot) {
      const { keyboard } = page;
      await this.field(labels.field.name).focus();
      for (const text of [name, "e2e", "", "", prompt, token]) {
        await keyboard.insertText(text);
        await keyboard.press("Tab");
      }
      await keyboard.press("Enter");
    },
    submitCreateForm: () => button(labels.createBot).click(),
    async onWebhookPage() {
      await page.waitForURL(/\/telegram\/setup\//);
      await page.getByRole("alert").or(page.getByRole("status")).first().waitFor();
    },
    async setWebhook() {
      await button(labels.webhook.set).click();
      await page.getByText(labels.webhook.works).waitFor();
    },
    async deleteWebhook() {
      await link(labels.webhookSetup).click();
      await button(labels.webhook.delete).click();
      await page.getByRole("dialog").getByRole("button", { name: labels.webhook.delete }).click();
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      await page.getByText(labels.webhookOff).first().waitFor();
    },
    async sendTestMessage(text: string) {
      await link(labels.testBot).click();
      await page.getByLabel(labels.test.message).fill(text);
      await button(labels.test.send).click();
    },
    async signOut() {
      await button(labels.signOut).click();
      await page.waitForURL(/\/realms\//);
    },
  };
}
