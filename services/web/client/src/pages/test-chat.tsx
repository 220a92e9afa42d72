import { Button, Card, Stack, Text, Textarea, Title } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useTestChat } from "../api/queries.ts";
import { ProblemAlert } from "../layout/problem.tsx";
import { ChatLog, type Line } from "./chat-log.tsx";

export function TestChat({ botId, botName }: { botId: string; botName: string }) {
  const { t } = useTranslation();
  const { lines, text, setText, send, chat } = useTalk(botId);
  return (
    <Card withBorder padding="lg">
      <Title order={2} size="h4">
        {t("test.title")}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t("test.intro")}
      </Text>
      <ChatLog lines={lines} thinking={chat.isPending} botName={botName} />
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
            onKeyDown={submitOnEnter}
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

function useTalk(botId: string) {
  const chat = useTestChat(botId);
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [text, setText] = useState("");
  const say = (line: Omit<Line, "id">) => setLines((before) => [...before, { ...line, id: before.length }]);
  const send = () => {
    if (text.trim() === "" || chat.isPending) return;
    say({ author: "you", text });
    setText("");
    chat.mutate(text, {
      onSuccess: (reply) => say({ author: "bot", text: reply.text, reply }),
      onError: () => {
        // What was not answered goes back to where it was typed, so that sending it again costs one press.
        setLines((before) => before.slice(0, -1));
        setText(text);
      },
    });
  };
  return { lines, text, setText, send, chat };
}

/** Enter sends and Shift+Enter begins a line, as in every messenger; an input method's Enter only chooses a word. */
function submitOnEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}
