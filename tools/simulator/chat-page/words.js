/** Every sentence of the page, in the three languages of the product. */
const words = {
  uz: {
    about:
      "Bu sahifa Telegramning sinov nusxasi. Bu yerda bot yaratib, unga oddiy foydalanuvchi kabi yozishingiz mumkin. Haqiqiy Telegramga hech narsa yuborilmaydi.",
    who: "Siz kimsiz?",
    name: "Ismingiz",
    "person-id": "Telegram ID",
    bots: "Botlar",
    "no-bots": "Hali bot yo‘q. Pastda birinchisini yarating.",
    "new-bot": "Yangi bot (BotFather kabi)",
    "bot-name": "Bot nomi",
    "bot-username": "Username (bot bilan tugaydi)",
    make: "Bot yaratish",
    "token-is": "Tayyor! Ushbu tokenni konsolga kiriting:",
    copy: "Nusxa olish",
    copied: "Nusxa olindi",
    write: "Xabar yozing",
    send: "Yuborish",
    back: "Orqaga",
    language: "Til",
    typing: "yozmoqda…",
    bot: "bot",
    thinking: "O‘ylamoqda…",
    edited: "tahrirlangan",
    webhook: "webhook o‘rnatilgan",
    "no-webhook": "webhook o‘rnatilmagan",
    start: "Boshlash",
    failed: "Bajarilmadi",
    offline: "Aloqa uzildi, qayta ulanmoqda…",
  },
  ru: {
    about:
      "Это учебная копия Telegram. Здесь можно создать бота и писать ему как обычный пользователь. В настоящий Telegram ничего не отправляется.",
    who: "Кто вы?",
    name: "Ваше имя",
    "person-id": "Telegram ID",
    bots: "Боты",
    "no-bots": "Ботов пока нет. Создайте первого ниже.",
    "new-bot": "Новый бот (как в BotFather)",
    "bot-name": "Имя бота",
    "bot-username": "Username (оканчивается на bot)",
    make: "Создать бота",
    "token-is": "Готово! Введите этот токен в консоли:",
    copy: "Скопировать",
    copied: "Скопировано",
    write: "Напишите сообщение",
    send: "Отправить",
    back: "Назад",
    language: "Язык",
    typing: "печатает…",
    bot: "бот",
    thinking: "Думает…",
    edited: "изменено",
    webhook: "webhook установлен",
    "no-webhook": "webhook не установлен",
    start: "Начать",
    failed: "Не получилось",
    offline: "Связь прервалась, подключаемся…",
  },
  en: {
    about:
      "This is a practice copy of Telegram. Make a bot here and write to it as any user would. Nothing is sent to the real Telegram.",
    who: "Who are you?",
    name: "Your name",
    "person-id": "Telegram ID",
    bots: "Bots",
    "no-bots": "No bots yet. Make the first one below.",
    "new-bot": "New bot (as in BotFather)",
    "bot-name": "Bot name",
    "bot-username": "Username (ends in bot)",
    make: "Make a bot",
    "token-is": "Done! Enter this token in the console:",
    copy: "Copy",
    copied: "Copied",
    write: "Write a message",
    send: "Send",
    back: "Back",
    language: "Language",
    typing: "typing…",
    bot: "bot",
    thinking: "Thinking…",
    edited: "edited",
    webhook: "webhook is set",
    "no-webhook": "webhook is not set",
    start: "Start",
    failed: "That did not work",
    offline: "Connection lost, reconnecting…",
  },
};

const known = (language) => (Object.hasOwn(words, language) ? language : "uz");
let current = known(localStorage.getItem("language") ?? navigator.language.slice(0, 2));

export const language = () => current;
export const say = (key) => words[current][key] ?? key;

export function speak(chosen) {
  current = known(chosen);
  localStorage.setItem("language", current);
}
