import { Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { TestChatReply } from "../../../src/api/test-bot.ts";
import { IssueNotice } from "../layout/problem.tsx";
import classes from "./test-bot.module.css";

export interface Line {
  readonly id: number;
  readonly author: "you" | "bot";
  readonly text: string;
  readonly reply?: TestChatReply;
}

export interface ChatLogProps {
  readonly lines: readonly Line[];
  readonly thinking: boolean;
  readonly botName: string;
}

/** The talk so far, always scrolled to what was said last. */
export function ChatLog({ lines, thinking, botName }: ChatLogProps) {
  const { t } = useTranslation();
  const log = useRef<HTMLDivElement>(null);
  const shown = lines.length + (thinking ? 1 : 0);
  useEffect(() => {
    if (shown > 0) log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [shown]);
  return (
    <div
      className={classes.chat}
      role="log"
      aria-label={t("test.title")}
      ref={log}
      tabIndex={shown > 0 ? 0 : undefined}
    >
      {lines.map((line) => (
        <ChatLine key={line.id} line={line} name={line.author === "you" ? t("test.you") : botName} />
      ))}
      {thinking && <p className={classes.thinking}>{t("test.thinking")}</p>}
    </div>
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
      {refusal && <IssueNotice issue={refusal} kind="warning" />}
    </div>
  );
}
