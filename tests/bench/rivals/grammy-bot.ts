/** The usual way: grammY on Express 5 asks Gemini inside the handler and answers Telegram's post when all is done. */
import { GoogleGenerativeAI } from "@google/generative-ai";
import express from "express";
import { Bot, webhookCallback } from "grammy";
import { sayReady, setting } from "./settings.ts";

const apiRoot = setting("TELEGRAM_API_ROOT");
const bot = new Bot(setting("TELEGRAM_TOKEN"), { client: { apiRoot } });
const model = new GoogleGenerativeAI("bench").getGenerativeModel(
  { model: "gemini-2.5-flash", systemInstruction: "You are a helpful assistant." },
  { baseUrl: setting("GEMINI_BASE_URL") },
);

bot.on("message:text", async (context) => {
  // Nobody waits for "typing…", here as in BotFactory.
  void context.replyWithChatAction("typing").catch(() => undefined);
  const { response } = await model.generateContent(context.message.text);
  await context.reply(response.text());
});

const secretToken = setting("SECRET");
const app = express()
  .use(express.json())
  .post("/webhook", webhookCallback(bot, "express", { timeoutMilliseconds: 60_000, secretToken }));
sayReady(app.listen(0, "127.0.0.1"));
