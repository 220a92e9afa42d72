import { Button, Group, Modal, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

export interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly title: string;
  readonly consequence?: string;
  readonly action: string;
  readonly pending: boolean;
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
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onCancel}>
          {t("cancel")}
        </Button>
        <Button color="red.9" loading={pending} onClick={onConfirm}>
          {action}
        </Button>
      </Group>
    </Modal>
  );
}
