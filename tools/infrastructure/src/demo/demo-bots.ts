/** A bot that greets a newcomer of `make up`. */
export interface DemoBot {
  readonly username: string;
  readonly name: string;
  readonly description: string;
  readonly language: "uz" | "ru" | "en";
  readonly systemPrompt: string;
}

/** One bot in each language, after the examples of the guide. */
export const DEMO_BOTS: readonly DemoBot[] = [
  {
    username: "demo_dokon_bot",
    name: "Doʻkon yordamchisi",
    description: "Mijozlarning savollariga javob beradi",
    language: "uz",
    systemPrompt:
      "Sen doʻstona customer support botsan. Foydalanuvchilarga texnik muammolarni hal qilishda yordam ber. Javoblarni qisqa va aniq ber.",
  },
  {
    username: "demo_repetitor_bot",
    name: "Учитель Python",
    description: "Объясняет программирование простым языком",
    language: "ru",
    systemPrompt:
      "Ты учитель программирования на Python. Объясняй концепции простым языком, приводи примеры кода, помогай исправлять ошибки.",
  },
  {
    username: "demo_tutor_bot",
    name: "Language tutor",
    description: "Helps to learn Uzbek",
    language: "en",
    systemPrompt:
      "You are a language learning assistant. Help users learn Uzbek language. Provide translations, grammar explanations, and practice exercises.",
  },
];
