import { Ellipsis } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { tenantUrl } from "../api/tenant.ts";
import type { DocumentBody } from "../api/types.ts";
import { navigate } from "../router/history.ts";
import { documentPath } from "../router/routes.ts";
import { Button } from "../ui/button.tsx";
import { MENU, MENU_ITEM } from "../ui/menu.ts";
import { hasOriginal } from "./words.ts";

interface DocumentMenuProps {
  readonly document: DocumentBody;
  readonly onDelete: () => void;
}

export function DocumentMenu({ document, onDelete }: DocumentMenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button look="quiet" size="icon" aria-label={`More about ${document.title}`}>
          <Ellipsis size={16} aria-hidden="true" />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} className={`${MENU} w-52`}>
          <DropdownMenu.Item className={MENU_ITEM} onSelect={() => navigate(documentPath(document.id))}>
            Open
          </DropdownMenu.Item>
          {hasOriginal(document) && (
            <DropdownMenu.Item asChild className={MENU_ITEM}>
              <a href={tenantUrl(`/documents/${document.id}/original`)} download>
                Download original
              </a>
            </DropdownMenu.Item>
          )}
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Item className={`${MENU_ITEM} text-failed`} onSelect={onDelete}>
            Delete…
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
