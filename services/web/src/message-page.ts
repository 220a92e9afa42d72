import type { ConsoleLanguage } from "@botfactory/phrases";
import type { Issue } from "./api/problem.ts";

const WORDS = {
  uz: { home: "Botlarim", again: "Qaytadan kirish" },
  ru: { home: "Мои боты", again: "Войти снова" },
  en: { home: "My Bots", again: "Sign in again" },
} as const;

/** A page that needs no browser app: what happened, why, what to do, and the way on. No script, no style. */
export function messagePage(language: ConsoleLanguage, { title, detail, remedy }: Omit<Issue, "code">): string {
  const words = WORDS[language];
  return page(language, title, [
    `<p>${escaped(detail)}</p>`,
    `<p>${escaped(remedy)}</p>`,
    `<p><a href="/login">${words.again}</a> · <a href="/">${words.home}</a></p>`,
  ]);
}

/** The same kind of page with plain text of a bot. */
export function textPage(language: ConsoleLanguage, title: string, text: string): string {
  return page(language, title, [`<p>${escaped(text)}</p>`, `<p><a href="/">${WORDS[language].home}</a></p>`]);
}

function page(language: ConsoleLanguage, title: string, body: readonly string[]): string {
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)} · BotFactory</title></head>
<body><main><h1>${escaped(title)}</h1>
${body.join("\n")}
</main></body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
