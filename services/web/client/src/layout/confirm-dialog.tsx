import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ProblemAlert } from "./problem.tsx";

export interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly title: string;
  readonly consequence?: string;
  readonly action: string;
  readonly pending: boolean;
  readonly error: unknown;
  readonly onCancel: () => void;
  readonly onConfirm: () => void;
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog({
  opened,
  title,
  consequence,
  action,
  pending,
  error,
  onCancel,
  onConfirm,
}: ConfirmDialogProps) {
  const { t } = useTranslation();
  return (
    // lockScroll would insert a style tag, which the content security policy refuses.
    <Modal
      opened={opened}
      onClose={onCancel}
      title={title}
      lockScroll={false}
      centered
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {consequence && <Text size="sm">{consequence}</Text>}
      <Stack mt="md">
        <ProblemAlert error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t("cancel")}
          </Button>
          <Button color="red" loading={pending} onClick={onConfirm}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
