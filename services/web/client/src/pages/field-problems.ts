import { ApiProblem } from "../api/http.ts";
import { type BotForm, focusFirstFault } from "./bot-form.tsx";

/** Marks the fields the server found fault with. */
export function showFieldProblems(form: BotForm, error: unknown): void {
  if (!(error instanceof ApiProblem)) return;
  const { code, title, fields } = error.problem;
  const faults: Record<string, string> = Object.fromEntries((fields ?? []).map(({ name, detail }) => [name, detail]));
  if (code.startsWith("token_")) faults["telegramToken"] = title;
  if (code.startsWith("prompt_")) faults["systemPrompt"] = title;
  form.setErrors(faults);
  focusFirstFault(form, faults);
}
