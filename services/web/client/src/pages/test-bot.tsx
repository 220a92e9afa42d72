import { Stack } from "@mantine/core";
import { BotPage } from "../layout/bot-page.tsx";
import { TelegramMessageForm } from "./telegram-message-form.tsx";
import { TestChat } from "./test-chat.tsx";

export function TestBotPage() {
  return (
    <BotPage section="test">
      {(bot) => (
        <Stack>
          <TestChat key={bot.id} botId={bot.id} botName={bot.name} />
          <TelegramMessageForm key={`telegram-${bot.id}`} botId={bot.id} />
        </Stack>
      )}
    </BotPage>
  );
}
