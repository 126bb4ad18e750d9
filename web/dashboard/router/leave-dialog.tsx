import { Confirm } from "../ui/dialog.tsx";
import { decideLeave, usePendingLeave } from "./history.ts";

export function LeaveDialog() {
  const pending = usePendingLeave();
  return (
    <Confirm
      open={pending !== null}
      title="Leave without saving?"
      confirm="Leave without saving"
      cancel="Stay here"
      onConfirm={() => decideLeave(true)}
      onCancel={() => decideLeave(false)}
    >
      Your changes to “{pending?.what}” are not saved yet.
    </Confirm>
  );
}
