import { Button, Stack, Text } from "@mantine/core";
import i18next from "i18next";
import { useTranslation } from "react-i18next";
import type { Issue } from "../../../src/api/problem.ts";
import { ApiProblem } from "../api/http.ts";
import { announce } from "./announce.ts";
import { Notice } from "./notice.tsx";

/** What is wrong, why, and what to do: the server's words, in the person's language. */
export function IssueNotice({ issue, kind = "bad" }: { issue: Issue; kind?: "bad" | "warning" }) {
  return (
    <Notice kind={kind} title={issue.title} code={issue.code}>
      <Text size="sm">{issue.detail}</Text>
      <Text size="sm" fw={600} mt={4}>
        {issue.remedy}
      </Text>
    </Notice>
  );
}

/** A failure of a request, if there is one; with a way to try again where that can help. */
export function ProblemAlert({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  if (!error) return null;
  const issue = issueOf(error);
  return (
    <Stack gap="xs" align="stretch">
      <IssueNotice issue={issue} />
      {retry && !issue.code.endsWith("not_found") && (
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
  announce({ color: "red", title, message: remedy });
}

function issueOf(error: unknown): Issue {
  if (error instanceof ApiProblem) return error.problem;
  // No answer at all has no words of the server.
  return { code: "no_answer", ...i18next.t("noAnswer", { returnObjects: true }) };
}
