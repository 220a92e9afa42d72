import { Button, Card, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { CreateBot } from "../../../src/api/bot.ts";
import { useCreateBot, useMe } from "../api/queries.ts";
import { currentLanguage, LANGUAGES } from "../i18n.ts";
import { Notice } from "../layout/notice.tsx";
import { PageTitle } from "../layout/page-title.tsx";
import { ProblemAlert } from "../layout/problem.tsx";
import { forgetDraft, NEW_BOT, useBotForm } from "./bot-draft.ts";
import { type BotFields, BotFormFields, focusFirstFault } from "./bot-form.tsx";
import { DraftNotice } from "./draft-notice.tsx";
import { showFieldProblems } from "./field-problems.ts";

export function CreateBotPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const create = useCreateBot();
  const { form, restored, discard } = useBotForm(NEW_BOT, emptyFields());
  // Pressed again because no answer came, the button must not make a second bot or complain of the first.
  const [requestId] = useState(newRequestId);
  const submit = (fields: BotFields) =>
    create.mutate(
      { ...asCreateBot(fields), requestId },
      {
        onSuccess: ({ id }) => {
          forgetDraft(NEW_BOT);
          // The next step of the guide; a bot without webhook answers nobody. Going back must not offer this form again.
          void navigate(`/telegram/setup/${id}`, { replace: true });
        },
        onError: (error) => showFieldProblems(form, error),
      },
    );
  const token = { label: t("field.telegramToken"), hint: t("field.telegramTokenHint"), required: true };
  return (
    <>
      <PageTitle>{t("createNewBot")}</PageTitle>
      <Stack>
        <PlanFull />
        {restored && <DraftNotice discard={discard} />}
        <Card withBorder padding="lg">
          <form noValidate onSubmit={form.onSubmit(submit, (faults) => focusFirstFault(form, faults))}>
            <Stack>
              <BotFormFields form={form} token={token} />
              <ProblemAlert error={create.error} />
              <Button type="submit" loading={create.isPending}>
                {t("createBot")}
              </Button>
            </Stack>
          </form>
        </Card>
      </Stack>
    </>
  );
}

/** Said before the form is filled in, not after. */
function PlanFull() {
  const { t } = useTranslation();
  const { data } = useMe();
  if (!data || data.usage.bots < data.plan.botsLimit) return null;
  return (
    <Notice kind="warning" title={t("planFull")}>
      <Text size="sm">{t("planFullRemedy")}</Text>
    </Notice>
  );
}

/** Not `crypto.randomUUID`, which browsers keep from pages over plain http. */
const newRequestId = () =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");

const emptyFields = (): BotFields => ({
  name: "",
  description: "",
  language: currentLanguage(),
  systemPrompt: "",
  telegramToken: "",
});

function asCreateBot({ language, ...fields }: BotFields): CreateBot {
  const chosen = LANGUAGES.find((known) => known === language) ?? currentLanguage();
  return { ...fields, language: chosen, platform: "telegram", telegramToken: fields.telegramToken.trim() };
}
