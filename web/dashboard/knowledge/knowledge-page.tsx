import { Plus } from "lucide-react";
import { useState } from "react";
import { type KnowledgePart, knowledgePath } from "../router/routes.ts";
import { Button } from "../ui/button.tsx";
import { ErrorBoundary } from "../ui/error-boundary.tsx";
import { Page } from "../ui/page.tsx";
import { TabLinks } from "../ui/tab-links.tsx";
import { AddDialog, type AddKind } from "./add/add-dialog.tsx";
import { DocumentsPart } from "./documents-part.tsx";
import { DropOverlay, usePageDrop } from "./drop-zone.tsx";
import { SearchPart } from "./search-part.tsx";
import { SitesPart } from "./sites/sites-part.tsx";
import { UnansweredPart } from "./unanswered/unanswered-part.tsx";
import { UploadList } from "./upload-list.tsx";
import { addFiles } from "./uploads.ts";

interface Part {
  readonly part: KnowledgePart;
  readonly label: string;
  /** For phones, where all names share one line. */
  readonly short?: string;
  readonly intro: string;
}

const PARTS: readonly Part[] = [
  {
    part: "documents",
    label: "Documents",
    intro: "The assistant answers from these documents and says where each answer comes from.",
  },
  {
    part: "sites",
    label: "Web sites",
    short: "Sites",
    intro: "Pages of these sites are read by themselves, and read again when they change.",
  },
  {
    part: "unanswered",
    label: "Unanswered",
    intro: "What visitors asked and the assistant could not answer. Answer once, and it knows.",
  },
  {
    part: "search",
    label: "Test search",
    short: "Search",
    intro: "Ask as a visitor would, and see which passages the assistant would get to answer from, and why.",
  },
];

/** Everything the assistant answers from, in parts with an address each. */
export function KnowledgePage({ part }: { readonly part: KnowledgePart }) {
  const [adding, setAdding] = useState<AddKind>();
  const over = usePageDrop((files) => {
    setAdding(undefined);
    addFiles(files);
  });
  const shown = PARTS.find((item) => item.part === part) ?? PARTS[0];
  const add = (
    <Button look="primary" onClick={() => setAdding(part === "sites" ? "site" : "files")}>
      <Plus size={16} aria-hidden="true" />
      {part === "sites" ? "Add a web site" : "Add documents"}
    </Button>
  );
  return (
    <Page
      title="Knowledge"
      name={part === "documents" ? "Knowledge" : `${shown?.label} · Knowledge`}
      intro={shown?.intro}
      action={(part === "documents" || part === "sites") && add}
      tabs={
        <TabLinks
          label="Parts of the knowledge"
          tabs={PARTS.map((item) => ({
            href: knowledgePath(item.part),
            label: item.label,
            ...(item.short && { short: item.short }),
            current: item.part === part,
          }))}
        />
      }
    >
      <UploadList />
      <ErrorBoundary key={part}>
        {part === "documents" && <DocumentsPart onAdd={setAdding} />}
        {part === "sites" && <SitesPart onAdd={() => setAdding("site")} />}
        {part === "unanswered" && <UnansweredPart />}
        {part === "search" && <SearchPart />}
      </ErrorBoundary>
      {over && <DropOverlay />}
      {adding && <AddDialog kind={adding} onKind={setAdding} onClose={() => setAdding(undefined)} />}
    </Page>
  );
}
