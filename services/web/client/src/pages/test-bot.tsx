import { Button, Card, Stack, Text, Textarea, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TestChatReply } from "../../../src/api/test-bot.ts";
import { useTestChat } from "../api/queries.ts";
import { BotPage } from "../layout/bot-page.tsx";
import { IssueAlert, ProblemAlert } from "../layout/problem.tsx";
import { TelegramMessageForm } from "./telegram-message-form.tsx";
import classes from "./test-bot.module.css";

interface Line {
  readonly id: number;
  readonly author: "you" | "bot";
  readonly text: string;
  readonly reply?: TestChatReply;
}

export function TestBotPage() {
  return (
    <BotPage tab="test">
      {(bot) => (
        <Stack>
          <TestChat key={bot.id} botId={bot.id} botName={bot.name} />
          <TelegramMessageForm botId={bot.id} />
        </Stack>
      )}
    </BotPage>
  );
}

function TestChat({ botId, botName }: { botId: string; botName: string }) {
  const { t } = useTranslation();
  const chat = useTestChat(botId);
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [text, setText] = useState("");
  const say = (line: Omit<Line, "id">) => setLines((before) => [...before, { ...line, id: before.length }]);
  const send = () => {
    if (text.trim() === "") return;
    say({ author: "you", text });
    setText("");
    chat.mutate(text, { onSuccess: (reply) => say({ author: "bot", text: reply.text, reply }) });
  };
  return (
    <Card withBorder padding="lg">
      <Title order={2} size="h4">
        {t("test.title")}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t("test.intro")}
      </Text>
      <div className={classes.chat} role="log" aria-live="polite" aria-label={t("test.title")}>
        {lines.map((line) => (
          <ChatLine key={line.id} line={line} name={line.author === "you" ? t("test.you") : botName} />
        ))}
        {chat.isPending && <p className={classes.thinking}>{t("test.thinking")}</p>}
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Stack>
          <Textarea
            label={t("test.message")}
            rows={2}
            maxLength={4096}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
          <ProblemAlert error={chat.error} />
          <Button type="submit" loading={chat.isPending}>
            {t("test.send")}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}

function ChatLine({ line, name }: { line: Line; name: string }) {
  const refusal = line.reply?.refusal;
  return (
    <div className={classes[line.author]}>
      <Text size="xs" fw={600}>
        {name}
      </Text>
      <p className={classes.text}>{line.text}</p>
      {refusal && <IssueAlert issue={refusal} color="orange" />}
    </div>
  );
}
