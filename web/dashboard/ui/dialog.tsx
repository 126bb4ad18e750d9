import { X } from "lucide-react";
import { AlertDialog, Dialog } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { Button } from "./button.tsx";
import { ErrorNotice } from "./notice.tsx";

const OVERLAY = "fixed inset-0 z-40 bg-overlay fade-in";
const CENTRED =
  "fixed top-1/2 left-1/2 z-50 max-h-[90dvh] -translate-x-1/2 -translate-y-1/2 overflow-y-auto " +
  "rounded-card border border-line bg-raised p-5 shadow-float fade-in";

const NARROW = "w-[min(92vw,32rem)]";
const WIDE = "w-[min(94vw,40rem)]";

/**
 * Gives the focus back to what had it when the dialog opened; else it would be lost, as Radix gives it to triggers of
 * its own alone. Noted while rendering: by the time of an effect, a menu that led here is gone.
 */
function useFocusBack(open: boolean): (event: Event) => void {
  const opener = useRef<Element | null>(null);
  const wasOpen = useRef(false);
  if (open && !wasOpen.current) opener.current = openerOf(document.activeElement);
  wasOpen.current = open;
  return (event) => {
    event.preventDefault();
    const back = opener.current?.isConnected ? opener.current : document.querySelector("h1[tabindex]");
    if (back instanceof HTMLElement) back.focus();
  };
}

/** An item of a menu goes with its menu; the button that opened the menu stays. */
function openerOf(active: Element | null): Element | null {
  const button = active?.closest('[role="menu"]')?.getAttribute("aria-labelledby");
  return button ? document.getElementById(button) : active;
}

interface ModalProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly intro?: ReactNode;
  readonly children: ReactNode;
}

export function Modal({
  open,
  onOpenChange,
  title,
  intro,
  wide = false,
  steady = false,
  children,
}: ModalProps & {
  readonly wide?: boolean;
  /** A press beside it does not close it: what was typed would be lost. */
  readonly steady?: boolean;
}) {
  const focusBack = useFocusBack(open);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className={OVERLAY} />
        <Dialog.Content
          className={`${CENTRED} ${wide ? WIDE : NARROW}`}
          onCloseAutoFocus={focusBack}
          onInteractOutside={(event) => steady && event.preventDefault()}
          {...(intro === undefined && { "aria-describedby": undefined })}
        >
          <Dialog.Title className="text-lg font-semibold">{title}</Dialog.Title>
          {intro !== undefined && (
            <Dialog.Description className="mt-1 text-base text-muted">{intro}</Dialog.Description>
          )}
          <div className="mt-4">{children}</div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** A panel at the right edge; the whole width on phones. */
export function Drawer({ open, onOpenChange, title, intro, children }: ModalProps) {
  const focusBack = useFocusBack(open);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className={OVERLAY} />
        <Dialog.Content
          onCloseAutoFocus={focusBack}
          className="slide-in fixed inset-y-0 right-0 z-50 flex w-[min(100vw,36rem)] flex-col border-l border-line bg-raised shadow-float"
          {...(intro === undefined && { "aria-describedby": undefined })}
        >
          <header className="flex items-start gap-3 border-b border-line px-5 py-4">
            <div className="min-w-0 flex-1">
              <Dialog.Title className="text-lg font-semibold break-words">{title}</Dialog.Title>
              {intro !== undefined && (
                <Dialog.Description className="mt-0.5 text-sm text-muted">{intro}</Dialog.Description>
              )}
            </div>
            <Dialog.Close asChild>
              <Button look="quiet" size="icon" aria-label="Close">
                <X size={16} aria-hidden="true" />
              </Button>
            </Dialog.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface ConfirmProps {
  readonly open: boolean;
  readonly title: string;
  /** What will be lost. */
  readonly children: ReactNode;
  readonly confirm: string;
  readonly cancel?: string;
  /** What is going on can be cut short: the way out stays open meanwhile. */
  readonly stoppable?: boolean;
  readonly busy?: boolean;
  readonly error?: Error | null;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

export function Confirm(props: ConfirmProps) {
  const {
    open,
    title,
    children,
    confirm,
    cancel = "Cancel",
    stoppable = false,
    busy = false,
    error,
    onConfirm,
    onCancel,
  } = props;
  const focusBack = useFocusBack(open);
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && (!busy || stoppable) && onCancel()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={OVERLAY} />
        <AlertDialog.Content className={`${CENTRED} ${NARROW}`} onCloseAutoFocus={focusBack}>
          <AlertDialog.Title className="text-lg font-semibold break-words">{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="mt-2 text-base break-words text-muted">{children}</div>
          </AlertDialog.Description>
          {error && (
            <div className="mt-3">
              <ErrorNotice compact title="That did not work" error={error} />
            </div>
          )}
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button disabled={busy && !stoppable}>{cancel}</Button>
            </AlertDialog.Cancel>
            <Button look="danger" busy={busy} onClick={onConfirm}>
              {confirm}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
