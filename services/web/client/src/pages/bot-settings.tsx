import { Button, Card, Group, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { Bot, UpdateBot } from "../../../src/api/bot.ts";
import { useDeleteBot, useUpdateBot } from "../api/queries.ts";
import { BotPage } from "../layout/bot-page.tsx";
import { ConfirmDialog } from "../layout/confirm-dialog.tsx";
import { ProblemAlert } from "../layout/problem.tsx";
import { changesOf } from "./bot-changes.ts";
import { type BotFields, BotFormFields } from "./bot-form.tsx";
import { showFieldProblems } from "./field-problems.ts";

export function BotSettingsPage() {
  return (
    <BotPage tab="settings">
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
  const form = useForm<BotFields>({ initialValues: { name, description, language, systemPrompt, telegramToken: "" } });
  const submit = (fields: BotFields) =>
    update.mutate(changesOf(bot, fields), {
      onSuccess: () => {
        form.setFieldValue("telegramToken", "");
        notifications.show({ color: "green", message: t("saved") });
      },
      onError: (error) => showFieldProblems(form, error),
    });
  const token = {
    label: t("field.newToken"),
    hint: t("field.newTokenHint", { last4: bot.tokenLast4 }),
    required: false,
  };
  return (
    <Card withBorder padding="lg">
      <form onSubmit={form.onSubmit(submit)}>
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
  );
}

function PauseAndDelete({ bot }: { bot: Bot }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const update = useUpdateBot(bot.id);
  const remove = useDeleteBot(bot.id);
  const [asking, { open, close }] = useDisclosure(false);
  const active = bot.state === "active" || bot.state === "token_revoked";
  const pause: UpdateBot = { paused: active };
  return (
    <Card withBorder padding="lg">
      <ProblemAlert error={update.error ?? remove.error} />
      <Group>
        <Button variant="default" loading={update.isPending} onClick={() => update.mutate(pause)}>
          {t(active ? "pause" : "resume")}
        </Button>
        <Button color="red.9" variant="outline" onClick={open}>
          {t("deleteBot")}
        </Button>
      </Group>
      <ConfirmDialog
        opened={asking}
        title={t("deleteBotQuestion", { name: bot.name })}
        consequence={t("deleteBotConsequence")}
        action={t("deleteBot")}
        pending={remove.isPending}
        onCancel={close}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => navigate("/bots"), onSettled: close })}
      />
    </Card>
  );
}
