import { Plus } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { knowledgePath, type KnowledgePart } from "../router/routes.ts";
import { Button } from "../ui/button.tsx";
import { ErrorBoundary } from "../ui/error-boundary.tsx";
import { Page } from "../ui/page.tsx";
import { TabLinks } from "../ui/tab-links.tsx";
import { DocumentsPart } from "./documents-part.tsx";
import { DropOverlay, usePageDrop } from "./drop-zone.tsx";
import { PasteDialog } from "./paste-dialog.tsx";
import { SearchPart } from "./search-part.tsx";
import { UploadList } from "./upload-list.tsx";
import { addFiles } from "./uploads.ts";

interface Part {
  readonly part: KnowledgePart;
  readonly label: string;
  readonly intro: string;
}

const PARTS: readonly Part[] = [
  {
    part: "documents",
    label: "Documents",
    intro: "The assistant answers from these documents and says where each answer comes from.",
  },
  {
    part: "search",
    label: "Test search",
    intro: "Ask as a visitor would, and see which passages the assistant would get to answer from, and why.",
  },
];

/** Everything the assistant answers from, in parts with an address each. */
export function KnowledgePage({ part }: { readonly part: KnowledgePart }) {
  const [pasting, setPasting] = useState(false);
  const over = usePageDrop(addFiles);
  const picker = useRef<HTMLInputElement>(null);
  const shown = PARTS.find((item) => item.part === part) ?? PARTS[0];
  const actions = (
    <>
      <Button onClick={() => setPasting(true)}>Paste text</Button>
      <Button look="primary" onClick={() => picker.current?.click()}>
        <Plus size={16} aria-hidden="true" />
        Add documents
      </Button>
    </>
  );
  return (
    <Page
      title="Knowledge"
      name={part === "documents" ? "Knowledge" : `${shown?.label} · Knowledge`}
      intro={shown?.intro}
      action={part === "documents" && actions}
      tabs={
        <TabLinks
          label="Parts of the knowledge"
          tabs={PARTS.map((item) => ({
            href: knowledgePath(item.part),
            label: item.label,
            current: item.part === part,
          }))}
        />
      }
    >
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label="Documents to add"
        onChange={(event) => {
          addFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <UploadList />
      <ErrorBoundary key={part}>{contentOf(part, actions)}</ErrorBoundary>
      {over && <DropOverlay />}
      {pasting && <PasteDialog onClose={() => setPasting(false)} />}
    </Page>
  );
}

function contentOf(part: KnowledgePart, actions: ReactNode): ReactNode {
  switch (part) {
    case "search":
      return <SearchPart />;
    default:
      return <DocumentsPart actions={actions} />;
  }
}
