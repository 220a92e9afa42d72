import { Button, Card, Stack, Text, TextInput, Title } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useTestMessage } from "../api/queries.ts";
import { announce } from "../layout/announce.ts";
import { ProblemAlert } from "../layout/problem.tsx";

/** Sends a message from the bot into a real chat, to see that the token works. */
export function TelegramMessageForm({ botId }: { botId: string }) {
  const { t } = useTranslation();
  const message = useTestMessage(botId);
  const form = useForm({
    initialValues: { chatId: "", text: "" },
    validate: { chatId: isNotEmpty(t("fieldRequired")) },
  });
  return (
    <Card withBorder padding="lg">
      <Title order={2} size="h4">
        {t("test.telegramTitle")}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t("test.telegramIntro")}
      </Text>
      <form
        noValidate
        onSubmit={form.onSubmit(({ chatId, text }) =>
          message.mutate(
            { chatId: chatId.trim(), text },
            {
              onSuccess: ({ messageId }) => announce({ color: "green", message: t("test.sent", { messageId }) }),
            },
          ),
        )}
      >
        <Stack>
          <TextInput
            label={t("test.chatId")}
            description={t("test.chatIdHint")}
            autoComplete="off"
            required
            {...form.getInputProps("chatId")}
          />
          <TextInput label={t("test.textOptional")} maxLength={4096} {...form.getInputProps("text")} />
          <ProblemAlert error={message.error} />
          <Button type="submit" variant="default" loading={message.isPending}>
            {t("test.sendToTelegram")}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}
