import { Button, Group, NativeSelect, PasswordInput, Stack, Text, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { LANGUAGES } from "../i18n.ts";
import { PROMPT_EXAMPLES } from "./prompt-examples.ts";

const PROMPT_LIMIT = 8_000;

export interface BotFields {
  name: string;
  description: string;
  language: string;
  systemPrompt: string;
  telegramToken: string;
}

/** The owner's fields of a bot; `token` is the one of the two wordings that fits. */
export function BotFormFields({ form, token }: { form: UseFormReturnType<BotFields>; token: TokenWording }) {
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

function SystemPrompt({ form }: { form: UseFormReturnType<BotFields> }) {
  const { t } = useTranslation();
  return (
    <div>
      <Textarea
        label={t("field.systemPrompt")}
        description={t("field.systemPromptHint")}
        rows={8}
        required
        {...form.getInputProps("systemPrompt")}
      />
      <Group gap="xs" mt={6} justify="space-between">
        <Group gap="xs">
          <Text size="sm">{t("examples")}:</Text>
          {PROMPT_EXAMPLES.map(({ name, prompt }) => (
            <Button
              key={name}
              size="compact-sm"
              variant="default"
              onClick={() => form.setFieldValue("systemPrompt", prompt)}
            >
              {t(`example.${name}`)}
            </Button>
          ))}
        </Group>
        <Text size="sm" c={form.values.systemPrompt.length > PROMPT_LIMIT ? "red.9" : "dimmed"}>
          {form.values.systemPrompt.length} / {PROMPT_LIMIT}
        </Text>
      </Group>
    </div>
  );
}
