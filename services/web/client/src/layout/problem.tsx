import { Alert, Button, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import type { Issue } from "../../../src/api/problem.ts";
import { ApiProblem } from "../api/http.ts";

/** What is wrong, why, and what to do: the server's words, in the person's language. */
export function IssueAlert({ issue, color = "red" }: { issue: Issue; color?: string }) {
  return (
    <Alert color={color} title={issue.title} role="alert" data-code={issue.code}>
      <Text size="sm">{issue.detail}</Text>
      <Text size="sm" fw={600} mt={4}>
        {issue.remedy}
      </Text>
    </Alert>
  );
}

/** A failure of a request, if there is one; with a way to try again where that can help. */
export function ProblemAlert({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  if (!error) return null;
  return (
    <Stack gap="xs">
      <IssueAlert issue={issueOf(error)} />
      {retry && (
        <Button variant="light" onClick={retry}>
          {t("tryAgain")}
        </Button>
      )}
    </Stack>
  );
}

/** For what has no place on the page, such as a failed sign-out. */
export function reportProblem(error: unknown): void {
  const { title, remedy } = issueOf(error);
  notifications.show({ color: "red", title, message: remedy });
}

// No answer at all has no words of the server.
const NO_ANSWER: Issue = {
  code: "unavailable",
  title: "BotFactory ⇄ ?",
  detail: "Internet aloqasi yoʻq · Нет связи · No connection",
  remedy: "",
};

function issueOf(error: unknown): Issue {
  return error instanceof ApiProblem ? error.problem : NO_ANSWER;
}
