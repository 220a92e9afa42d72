/**
 * Sentences the chatting person reads in Telegram when there is no answer of the model. The same codes as the owner's
 * errors; the person is never told about keys, plans or services.
 */
export const repliesEn = {
  ai_unavailable: "I cannot answer right now. Please write again a little later.",
  ai_rate_minute: "Many people are writing to me right now. Please write again in about {{minutes}} min.",
  ai_rate_day: "I have answered all I can for today. I will be back at {{time}} (Tashkent time).",
  ai_blocked: "I cannot answer that. Please ask in other words.",
  ai_empty: "I could not find an answer. Please ask in other words.",
  ai_overloaded: "I am overloaded right now. Please write again in a few minutes.",
  ai_timeout: "That took me too long. Please ask once more, shorter if you can.",
  owner_allowance_spent: "I have answered all my messages of the day. I will be back at {{time}} (Tashkent time).",
  text_only: "I can read text only for now. Please write it in words.",
  turn_failed: "Something went wrong with this message. Please write it once more.",
  test_greeting: "Hello! This is a test message. I am connected and ready to answer.",
} satisfies Record<string, string>;

/** Codes of the sentences a chatting person can read. */
export type ReplyCode = keyof typeof repliesEn;

export const repliesRu: Record<ReplyCode, string> = {
  ai_unavailable: "Сейчас я не могу ответить. Напишите, пожалуйста, чуть позже.",
  ai_rate_minute: "Мне сейчас пишет много людей. Напишите, пожалуйста, снова примерно через {{minutes}} мин.",
  ai_rate_day: "На сегодня я ответил на всё, что мог. Вернусь в {{time}} (по времени Ташкента).",
  ai_blocked: "На это я не могу ответить. Спросите, пожалуйста, другими словами.",
  ai_empty: "Я не нашёл ответа. Спросите, пожалуйста, другими словами.",
  ai_overloaded: "Я сейчас перегружен. Напишите, пожалуйста, через несколько минут.",
  ai_timeout: "Это заняло слишком много времени. Спросите ещё раз, если можно — короче.",
  owner_allowance_spent: "Мои сообщения на сегодня закончились. Вернусь в {{time}} (по времени Ташкента).",
  text_only: "Пока я читаю только текст. Напишите, пожалуйста, словами.",
  turn_failed: "С этим сообщением что-то пошло не так. Напишите его, пожалуйста, ещё раз.",
  test_greeting: "Здравствуйте! Это тестовое сообщение. Я подключён и готов отвечать.",
};

export const repliesUz: Record<ReplyCode, string> = {
  ai_unavailable: "Hozir javob bera olmayman. Iltimos, birozdan keyin yana yozing.",
  ai_rate_minute: "Hozir menga koʻp odam yozyapti. Iltimos, taxminan {{minutes}} daqiqadan keyin yana yozing.",
  ai_rate_day: "Bugun javob bera oladiganlarimning hammasiga javob berdim. Soat {{time}} da qaytaman (Toshkent vaqti).",
  ai_blocked: "Bunga javob bera olmayman. Iltimos, boshqacha soʻrang.",
  ai_empty: "Javob topa olmadim. Iltimos, boshqacha soʻrang.",
  ai_overloaded: "Hozir juda bandman. Iltimos, bir necha daqiqadan keyin yozing.",
  ai_timeout: "Bunga juda koʻp vaqt ketdi. Iltimos, yana, iloji boʻlsa qisqaroq soʻrang.",
  owner_allowance_spent: "Bugungi xabarlarim tugadi. Soat {{time}} da qaytaman (Toshkent vaqti).",
  text_only: "Hozircha faqat matnni oʻqiy olaman. Iltimos, soʻz bilan yozing.",
  turn_failed: "Bu xabar bilan xatolik yuz berdi. Iltimos, uni yana bir marta yozing.",
  test_greeting: "Salom! Bu sinov xabari. Men ulanganman va javob berishga tayyorman.",
};

export const repliesUzCyrl: Record<ReplyCode, string> = {
  ai_unavailable: "Ҳозир жавоб бера олмайман. Илтимос, бироздан кейин яна ёзинг.",
  ai_rate_minute: "Ҳозир менга кўп одам ёзяпти. Илтимос, тахминан {{minutes}} дақиқадан кейин яна ёзинг.",
  ai_rate_day: "Бугун жавоб бера оладиганларимнинг ҳаммасига жавоб бердим. Соат {{time}} да қайтаман (Тошкент вақти).",
  ai_blocked: "Бунга жавоб бера олмайман. Илтимос, бошқача сўранг.",
  ai_empty: "Жавоб топа олмадим. Илтимос, бошқача сўранг.",
  ai_overloaded: "Ҳозир жуда бандман. Илтимос, бир неча дақиқадан кейин ёзинг.",
  ai_timeout: "Бунга жуда кўп вақт кетди. Илтимос, яна, иложи бўлса қисқароқ сўранг.",
  owner_allowance_spent: "Бугунги хабарларим тугади. Соат {{time}} да қайтаман (Тошкент вақти).",
  text_only: "Ҳозирча фақат матнни ўқий оламан. Илтимос, сўз билан ёзинг.",
  turn_failed: "Бу хабар билан хатолик юз берди. Илтимос, уни яна бир марта ёзинг.",
  test_greeting: "Салом! Бу синов хабари. Мен уланганман ва жавоб беришга тайёрман.",
};
