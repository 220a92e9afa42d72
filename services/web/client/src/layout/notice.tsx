import { Alert } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./notice.module.css";

const KINDS = {
  good: { color: "green", Icon: IconCircleCheck },
  hint: { color: "indigo", Icon: IconInfoCircle },
  warning: { color: "orange", Icon: IconAlertTriangle },
  bad: { color: "red", Icon: IconAlertTriangle },
} as const;

export interface NoticeProps {
  readonly kind: keyof typeof KINDS;
  readonly title: string;
  readonly children?: ReactNode;
  /** Of an error, for tests and support. */
  readonly code?: string;
}

/** A boxed sentence with a sign: nothing depends on its colour alone. */
export function Notice({ kind, title, children, code }: NoticeProps) {
  const { color, Icon } = KINDS[kind];
  return (
    <Alert
      className={classes.notice}
      color={color}
      title={title}
      icon={<Icon size={20} aria-hidden />}
      role={kind === "bad" || kind === "warning" ? "alert" : "status"}
      data-code={code}
    >
      {children}
    </Alert>
  );
}
