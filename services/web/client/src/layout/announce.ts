import { notifications } from "@mantine/notifications";
import i18next from "i18next";

export interface Announcement {
  readonly color: "green" | "red";
  readonly title?: string;
  readonly message: string;
}

/** Says something for a moment, wherever on the page the person is. */
export function announce(announcement: Announcement): void {
  notifications.show({ ...announcement, closeButtonProps: { "aria-label": i18next.t("close") } });
}
