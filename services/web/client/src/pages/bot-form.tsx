import { NativeSelect, PasswordInput, Stack, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { LANGUAGES } from "../i18n.ts";
import { SystemPrompt } from "./system-prompt.tsx";

export interface BotFields {
  name: string;
  description: string;
  language: string;
  systemPrompt: string;
  telegramToken: string;
}

export type BotForm = UseFormReturnType<BotFields>;

/** The owner's fields of a bot; `token` is the one of the two wordings that fits. */
export function BotFormFields({ form, token }: { form: BotForm; token: TokenWording }) {
  const { t } = useTranslation();
  const languages = LANGUAGES.map((language) => ({ value: language, label: t(`languages.${language}`) }));
  return (
    <Stack>
      <TextInput
        label={t("field.name")}
        placeholder={t("field.nameHint")}
        maxLength={64}
        required
        {...form.getInputProps("name")}
      />
      <TextInput
        label={t("field.description")}
        placeholder={t("field.descriptionHint")}
        maxLength={500}
        {...form.getInputProps("description")}
      />
      <NativeSelect
        label={t("field.language")}
        description={t("field.languageHint")}
        data={languages}
        {...form.getInputProps("language")}
      />
      <NativeSelect label={t("field.platform")} data={[{ value: "telegram", label: "Telegram" }]} name="platform" />
      <SystemPrompt form={form} />
      <PasswordInput
        label={token.label}
        description={token.hint}
        required={token.required}
        autoComplete="off"
        spellCheck={false}
        visibilityToggleButtonProps={{ "aria-label": t("field.showToken") }}
        // Mantine tells it of every input but this.
        aria-invalid={form.errors["telegramToken"] ? true : undefined}
        {...form.getInputProps("telegramToken")}
      />
    </Stack>
  );
}

export interface TokenWording {
  readonly label: string;
  readonly hint: string;
  readonly required: boolean;
}

/** Brings a person to the first field that needs them. */
export function focusFirstFault(form: BotForm, faults: Readonly<Record<string, unknown>>): void {
  const [first] = Object.keys(form.values).filter((field) => field in faults);
  if (first) form.getInputNode(first)?.focus();
}
