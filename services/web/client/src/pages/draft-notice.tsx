import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Notice } from "../layout/notice.tsx";

/** Says that earlier text came back, and lets go of it. */
export function DraftNotice({ discard }: { discard: () => void }) {
  const { t } = useTranslation();
  return (
    <Notice kind="hint" title={t("draftRestored")}>
      <Button size="compact-sm" variant="default" onClick={discard}>
        {t("discard")}
      </Button>
    </Notice>
  );
}
