import { Anchor, Button, Container, Group, NativeSelect, Text } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, Outlet } from "react-router";
import { signOut } from "../api/http.ts";
import { useMe } from "../api/queries.ts";
import { chooseLanguage, currentLanguage, LANGUAGES } from "../i18n.ts";
import { reportProblem } from "./problem.tsx";
import classes from "./shell.module.css";
import { useTopOfNewPage } from "./top-of-new-page.ts";

/** Header, language, sign-out; the page below. */
export function Shell() {
  const { t } = useTranslation();
  const content = useTopOfNewPage<HTMLDivElement>();
  return (
    <>
      <a className={classes.skip} href="#content">
        {t("skipToContent")}
      </a>
      <header className={classes.header}>
        <Container size="md">
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Anchor component={Link} to="/bots" className={classes.brand} underline="never">
              <img src="/icon.svg" width={32} height={32} alt="" />
              <Text component="span" fw={700} size="lg">
                BotFactory
              </Text>
            </Anchor>
            <Group gap={4} wrap="nowrap">
              <LanguageChoice />
              <SignOut />
            </Group>
          </Group>
        </Container>
      </header>
      <Container
        component="main"
        id="content"
        size="md"
        py="lg"
        tabIndex={-1}
        ref={content}
        className={classes.content}
      >
        <Outlet />
      </Container>
    </>
  );
}

function LanguageChoice() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const data = LANGUAGES.map((language) => ({ value: language, label: t(`languages.${language}`) }));
  return (
    <NativeSelect
      aria-label={t("language")}
      className={classes.language}
      data={data}
      value={currentLanguage()}
      onChange={({ currentTarget }) => {
        const chosen = LANGUAGES.find((language) => language === currentTarget.value);
        // What the server has put into words is asked for again in the new language.
        if (chosen) chooseLanguage(chosen).then(() => queries.invalidateQueries(), reportProblem);
      }}
    />
  );
}

function SignOut() {
  const { t } = useTranslation();
  const { data } = useMe();
  return (
    <Button
      variant="subtle"
      color="gray"
      className={classes.signOut}
      leftSection={<IconLogout size={18} aria-hidden />}
      onClick={() => signOut().catch(reportProblem)}
      aria-label={t("signOut")}
      title={data?.owner.username ?? t("signOut")}
    >
      <span className={classes.wide}>{t("signOut")}</span>
    </Button>
  );
}
