import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import classes from "./bot-links.module.css";

export type BotSection = "settings" | "setup" | "test";

/** The three pages of one bot; on one of them (`current`) they are its tabs, elsewhere the foot of the bot's card. */
export function BotLinks({ botId, current }: { botId: string; current?: BotSection }) {
  const { t } = useTranslation();
  const links = [
    { name: "setup", to: `/telegram/setup/${botId}`, label: t("webhookSetup") },
    { name: "test", to: `/telegram/test/${botId}`, label: t("testBot") },
    { name: "settings", to: `/bots/${botId}`, label: t("editBot") },
  ] as const;
  return (
    <nav className={current ? `${classes.links} ${classes.tabs}` : classes.links} aria-label={t("botPages")}>
      {links.map(({ name, to, label }) => (
        <Link key={name} to={to} aria-current={name === current ? "page" : undefined}>
          <SignAndWords label={label} />
        </Link>
      ))}
    </nav>
  );
}

/** On a narrow screen the label's sign stands above its words. */
function SignAndWords({ label }: { label: string }) {
  const [sign, ...words] = label.split(" ");
  return (
    <>
      <span>{sign}</span> <span>{words.join(" ")}</span>
    </>
  );
}
