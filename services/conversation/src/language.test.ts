import { Language } from "@botfactory/proto/events/v1/account";
import { describe, expect, it } from "@jest/globals";
import { type LanguageHints, languageOf } from "./language.ts";

const { UZ, RU, EN, UZ_CYRL, UNSPECIFIED } = Language;
const unknown: LanguageHints = { ofChat: UNSPECIFIED, languageCode: "", ofBot: EN };

/** The published test set: what people write to bots, short and long. */
const SAMPLES: readonly (readonly [Language, string])[] = [
  [UZ, "Salom! Dasturlashni o'rganmoqchiman"],
  [UZ, "Xop"],
  [UZ, "Narxi qancha?"],
  [UZ, "rahmat"],
  [UZ, "Assalomu alaykum, yetkazib berish bormi?"],
  [UZ, "Buyurtmam qachon keladi"],
  [UZ, "yoʻq"],
  [UZ, "O‘zbekiston haqida ayting"],
  [UZ, "Menga telefon kerak edi"],
  [UZ, "Toshkentdan Samarqandgacha poyezd jadvali"],
  [UZ, "g`isht"],
  [UZ, "Qalaysiz, ishlar yaxshimi"],
  [UZ, "tushunmadim"],
  [UZ, "Python kursi haqida batafsil ma'lumot bering"],
  [UZ, "ha"],
  [UZ_CYRL, "Салом, қандайсиз?"],
  [UZ_CYRL, "Нима гап"],
  [UZ_CYRL, "Нархи канча"],
  [UZ_CYRL, "Бугун ҳаво қандай бўлади"],
  [UZ_CYRL, "рахмат"],
  [UZ_CYRL, "Илтимос ёрдам беринг"],
  [UZ_CYRL, "Менга телефон керак эди"],
  [UZ_CYRL, "Йўқ"],
  [UZ_CYRL, "Тошкентдан Самарқандгача поезд жадвали"],
  [UZ_CYRL, "эмас"],
  [RU, "Привет! Помоги с Python"],
  [RU, "Спасибо"],
  [RU, "Да"],
  [RU, "Сколько стоит доставка?"],
  [RU, "Здравствуйте, когда придёт мой заказ"],
  [RU, "ладно"],
  [RU, "Расскажи про Узбекистан"],
  [RU, "Это очень дорого"],
  [RU, "Почему не работает?"],
  [RU, "ясно"],
  [RU, "Напиши короткое стихотворение про осень"],
  [RU, "Добрый вечер"],
  [RU, "расписание поездов Ташкент Самарканд"],
  [EN, "Hi! Teach me coding"],
  [EN, "thanks"],
  [EN, "How much is it?"],
  [EN, "What's the weather like today"],
  [EN, "No"],
  [EN, "It's 5 o'clock, where is my order?"],
  [EN, "The dog's bowl"],
  [EN, "good morning"],
  [EN, "Write a short poem about autumn leaves"],
  [EN, "train schedule Tashkent Samarkand please"],
  [EN, "I don't understand"],
  [EN, "refund"],
];

describe("the language of a message", () => {
  it.each(SAMPLES)("is %s for %j", (language, text) => {
    expect(languageOf(text, unknown)).toBe(language);
  });

  it("is not swayed by links, mentions, commands and the kind of apostrophe", () => {
    expect(languageOf("/help@shop_bot нужна помощь https://example.com/the/way", unknown)).toBe(RU);
    for (const apostrophe of "'’‘ʻʼ`") expect(languageOf(`bo${apostrophe}ldi`, unknown)).toBe(UZ);
  });

  it("stays the chat's when the words do not tell", () => {
    expect(languageOf("👍", { ...unknown, ofChat: UZ_CYRL })).toBe(UZ_CYRL);
    expect(languageOf("ok", { ...unknown, ofChat: UZ, languageCode: "ru" })).toBe(UZ);
  });

  it("is then the person's Telegram language, then the bot's", () => {
    expect(languageOf("12345", { ...unknown, languageCode: "ru-RU" })).toBe(RU);
    expect(languageOf("", { ...unknown, ofBot: UZ })).toBe(UZ);
  });

  it("is never one that is not written in the letters at hand", () => {
    expect(languageOf("мда", { ofChat: EN, languageCode: "en", ofBot: EN })).toBe(RU);
    expect(languageOf("болт", { ...unknown, languageCode: "uz" })).toBe(UZ_CYRL);
    expect(languageOf("hmm", { ...unknown, ofChat: UZ_CYRL })).toBe(UZ);
  });
});
