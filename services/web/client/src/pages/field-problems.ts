import type { UseFormReturnType } from "@mantine/form";
import { ApiProblem } from "../api/http.ts";
import type { BotFields } from "./bot-form.tsx";

/** Marks the fields the server found fault with. */
export function showFieldProblems(form: UseFormReturnType<BotFields>, error: unknown): void {
  if (!(error instanceof ApiProblem)) return;
  const { code, title, fields } = error.problem;
  for (const field of fields ?? []) form.setFieldError(field.name, field.detail);
  if (code.startsWith("token_")) form.setFieldError("telegramToken", title);
  if (code.startsWith("prompt_")) form.setFieldError("systemPrompt", title);
}
