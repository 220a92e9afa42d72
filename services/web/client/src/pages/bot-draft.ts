import { isNotEmpty, useForm } from "@mantine/form";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BotFields } from "./bot-form.tsx";

// A token is a secret, and a browser's storage no place for one.
const KEPT = ["name", "description", "language", "systemPrompt"] as const;

/** The form of a bot, `before` anything was typed; what is typed outlives reload, sign-in and the back button in this tab. */
export function useBotForm(draftName: string, before: BotFields) {
  const { t } = useTranslation();
  const [draft] = useState(() => readDraft(draftName));
  const required = isNotEmpty(t("fieldRequired"));
  const form = useForm<BotFields>({
    initialValues: { ...before, ...draft },
    validate: {
      name: required,
      systemPrompt: required,
      ...(draftName === NEW_BOT && { telegramToken: required }),
    },
  });
  const changed = KEPT.filter((field) => form.values[field] !== before[field]);
  const text = JSON.stringify(Object.fromEntries(changed.map((field) => [field, form.values[field]])));
  useEffect(() => {
    if (text === "{}") forgetDraft(draftName);
    else sessionStorage.setItem(draftName, text);
  }, [draftName, text]);
  const restored = Object.keys(draft).length > 0 && changed.length > 0;
  return { form, restored, discard: () => form.setValues(before) };
}

export const NEW_BOT = "draft-of-new-bot";

export const forgetDraft = (name: string) => sessionStorage.removeItem(name);

function readDraft(name: string): Partial<BotFields> {
  const kept: unknown = JSON.parse(sessionStorage.getItem(name) ?? "{}");
  const texts = Object.entries(kept ?? {}).filter(([, value]) => typeof value === "string");
  return Object.fromEntries(texts);
}
