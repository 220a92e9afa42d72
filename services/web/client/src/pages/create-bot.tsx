import { Button, Card, Group, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { CreateBot } from "../../../src/api/bot.ts";
import { useCreateBot } from "../api/queries.ts";
import { currentLanguage, LANGUAGES } from "../i18n.ts";
import { PageTitle } from "../layout/page-title.tsx";
import { ProblemAlert } from "../layout/problem.tsx";
import { type BotFields, BotFormFields } from "./bot-form.tsx";
import { showFieldProblems } from "./field-problems.ts";

export function CreateBotPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const create = useCreateBot();
  const form = useForm<BotFields>({
    initialValues: { name: "", description: "", language: currentLanguage(), systemPrompt: "", telegramToken: "" },
  });
  const submit = (fields: BotFields) =>
    create.mutate(asCreateBot(fields), {
      // The next step of the guide; a bot without webhook answers nobody.
      onSuccess: ({ id }) => navigate(`/telegram/setup/${id}`),
      onError: (error) => showFieldProblems(form, error),
    });
  const token = { label: t("field.telegramToken"), hint: t("field.telegramTokenHint"), required: true };
  return (
    <>
      <PageTitle>{t("createNewBot")}</PageTitle>
      <Card withBorder padding="lg">
        <form onSubmit={form.onSubmit(submit)}>
          <Stack>
            <BotFormFields form={form} token={token} />
            <ProblemAlert error={create.error} />
            <Group>
              <Button type="submit" loading={create.isPending}>
                {t("createBot")}
              </Button>
            </Group>
          </Stack>
        </form>
      </Card>
    </>
  );
}

function asCreateBot({ language, ...fields }: BotFields): CreateBot {
  const chosen = LANGUAGES.find((known) => known === language) ?? currentLanguage();
  return { ...fields, language: chosen, platform: "telegram", telegramToken: fields.telegramToken.trim() };
}
