import { Button, Card, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Bot } from "../../../src/api/bot.ts";
import { useUpdateBot } from "../api/queries.ts";
import { announce } from "../layout/announce.ts";
import { BotPage } from "../layout/bot-page.tsx";
import { ProblemAlert } from "../layout/problem.tsx";
import { changesOf } from "./bot-changes.ts";
import { useBotForm } from "./bot-draft.ts";
import { type BotFields, BotFormFields, focusFirstFault } from "./bot-form.tsx";
import { DraftNotice } from "./draft-notice.tsx";
import { showFieldProblems } from "./field-problems.ts";
import { PauseAndDelete } from "./pause-and-delete.tsx";

export function BotSettingsPage() {
  return (
    <BotPage section="settings">
      {(bot) => (
        <Stack>
          <SettingsForm key={bot.id} bot={bot} />
          <PauseAndDelete bot={bot} />
        </Stack>
      )}
    </BotPage>
  );
}

function SettingsForm({ bot }: { bot: Bot }) {
  const { t } = useTranslation();
  const update = useUpdateBot(bot.id);
  const { name, description, language, systemPrompt } = bot;
  const before = { name, description, language, systemPrompt, telegramToken: "" };
  const { form, restored, discard } = useBotForm(`draft-of-${bot.id}`, before);
  const saved = () => {
    form.setFieldValue("telegramToken", "");
    announce({ color: "green", message: t("saved") });
  };
  const submit = (fields: BotFields) => {
    const changes = changesOf(bot, fields);
    if (Object.keys(changes).length === 0) saved();
    else update.mutate(changes, { onSuccess: saved, onError: (error) => showFieldProblems(form, error) });
  };
  const token = {
    label: t("field.newToken"),
    hint: t("field.newTokenHint", { last4: bot.tokenLast4 }),
    required: false,
  };
  return (
    <>
      {restored && <DraftNotice discard={discard} />}
      <Card withBorder padding="lg">
        <form noValidate onSubmit={form.onSubmit(submit, (faults) => focusFirstFault(form, faults))}>
          <Stack>
            <BotFormFields form={form} token={token} />
            <ProblemAlert error={update.error} />
            <Group justify="space-between">
              <Button type="submit" loading={update.isPending}>
                {t("save")}
              </Button>
              <Text size="sm" c="dimmed">
                {t("promptVersion", { version: bot.promptVersion })}
              </Text>
            </Group>
          </Stack>
        </form>
      </Card>
    </>
  );
}
