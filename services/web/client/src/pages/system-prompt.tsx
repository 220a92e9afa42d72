import { Button, Group, Text, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { LANGUAGES } from "../i18n.ts";
import type { BotForm } from "./bot-form.tsx";
import { isExample, PROMPT_EXAMPLES } from "./prompt-examples.ts";

const PROMPT_LIMIT = 8_000;

/** The prompt with its length; examples in the bot's language are offered as long as they overwrite nothing. */
export function SystemPrompt({ form }: { form: BotForm }) {
  const { t } = useTranslation();
  const { systemPrompt, language } = form.values;
  const tooLong = systemPrompt.length > PROMPT_LIMIT;
  return (
    <div>
      <Textarea
        label={t("field.systemPrompt")}
        description={t("field.systemPromptHint")}
        rows={8}
        required
        {...form.getInputProps("systemPrompt")}
      />
      <Text size="sm" ta="right" mt={4} c={tooLong ? "var(--mantine-color-error)" : "dimmed"}>
        {systemPrompt.length} / {PROMPT_LIMIT}
      </Text>
      {(systemPrompt.trim() === "" || isExample(systemPrompt)) && (
        <Group gap="xs" mt={4} role="group" aria-label={t("examples")}>
          <Text size="sm">{t("examples")}:</Text>
          {PROMPT_EXAMPLES.map(({ name, prompts }) => (
            <Button
              key={name}
              size="compact-sm"
              variant="light"
              onClick={() => form.setFieldValue("systemPrompt", prompts[known(language)])}
            >
              {t(`example.${name}`)}
            </Button>
          ))}
        </Group>
      )}
    </div>
  );
}

const known = (language: string) => LANGUAGES.find((one) => one === language) ?? "uz";
