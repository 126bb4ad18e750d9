import { Check, ChevronsUpDown, CircleUser } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { switchTenant, useSignOut } from "../api/session.ts";
import { useTenantId } from "../api/tenant.ts";
import type { SessionBody } from "../api/types.ts";
import { afterLeaving, navigate } from "../router/history.ts";
import { Button } from "../ui/button.tsx";
import { MENU, MENU_ITEM } from "../ui/menu.ts";
import { describeError } from "../ui/notice.tsx";
import { chooseTheme, THEMES, type Theme, useTheme } from "../ui/theme.ts";

interface AccountMenuProps {
  readonly session: SessionBody;
  /** Only the icon; the theme switch moves into the menu. */
  readonly compact?: boolean;
}

function changeBusiness(id: string): void {
  afterLeaving(() => {
    switchTenant(id);
    navigate("/");
  });
}

export function AccountMenu({ session, compact = false }: AccountMenuProps) {
  const signOut = useSignOut();
  return (
    <div className="min-w-0">
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          {compact ? (
            <Button look="quiet" size="icon" aria-label={`Account ${session.user.email}`}>
              <CircleUser size={18} aria-hidden="true" />
            </Button>
          ) : (
            <Button look="quiet" className="w-full justify-start! px-2!" busy={signOut.isPending}>
              <CircleUser size={16} aria-hidden="true" className="shrink-0" />
              <span className="min-w-0 flex-1 truncate text-left" title={session.user.email}>
                {session.user.email}
              </span>
              <ChevronsUpDown size={14} aria-hidden="true" className="shrink-0" />
            </Button>
          )}
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content align={compact ? "end" : "start"} sideOffset={4} className={`${MENU} w-60`}>
            {compact && (
              <>
                <DropdownMenu.Label className="px-2 py-1.5 text-xs break-all text-muted">
                  {session.user.email}
                </DropdownMenu.Label>
                <ThemeChoice />
              </>
            )}
            {session.tenants.length > 1 && <TenantChoice session={session} />}
            <DropdownMenu.Item className={MENU_ITEM} onSelect={() => signOut.mutate()}>
              Sign out
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {signOut.error && (
        <p role="alert" className="px-2 text-xs text-failed">
          {describeError(signOut.error)}
        </p>
      )}
    </div>
  );
}

function ThemeChoice() {
  const theme = useTheme();
  return (
    <>
      <DropdownMenu.RadioGroup
        aria-label="Colours"
        value={theme}
        onValueChange={(value) => chooseTheme(value as Theme)}
      >
        {THEMES.map(({ value, label }) => (
          <ChoiceItem key={value} value={value} label={label} />
        ))}
      </DropdownMenu.RadioGroup>
      <DropdownMenu.Separator className="my-1 h-px bg-line" />
    </>
  );
}

function ChoiceItem({ value, label }: { readonly value: string; readonly label: string }) {
  return (
    <DropdownMenu.RadioItem value={value} className={MENU_ITEM}>
      <span className="min-w-0 flex-1 py-1 break-words">{label}</span>
      <DropdownMenu.ItemIndicator>
        <Check size={14} aria-hidden="true" />
      </DropdownMenu.ItemIndicator>
    </DropdownMenu.RadioItem>
  );
}

function TenantChoice({ session }: { readonly session: SessionBody }) {
  const tenant = useTenantId();
  return (
    <>
      <DropdownMenu.Label className="px-2 py-1.5 text-xs text-muted">Business</DropdownMenu.Label>
      <DropdownMenu.RadioGroup value={tenant ?? ""} onValueChange={changeBusiness}>
        {session.tenants.map((tenant) => (
          <ChoiceItem key={tenant.id} value={tenant.id} label={tenant.name} />
        ))}
      </DropdownMenu.RadioGroup>
      <DropdownMenu.Separator className="my-1 h-px bg-line" />
    </>
  );
}
