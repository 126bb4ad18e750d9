import type { DocumentBody } from "../api/types.ts";
import { Link } from "../router/link.tsx";
import { documentPath } from "../router/routes.ts";
import { Checkbox } from "../ui/checkbox.tsx";
import { Card } from "../ui/page.tsx";
import { fileSize } from "../ui/time.ts";
import { TimeAgo } from "../ui/time-ago.tsx";
import { DocumentMenu } from "./document-menu.tsx";
import { isAllSelected, type Selection } from "./selection.ts";
import { StateCell } from "./state-cell.tsx";
import { TagList } from "./tag-list.tsx";
import { kindOf } from "./words.ts";

interface DocumentTableProps {
  readonly documents: readonly DocumentBody[];
  readonly selection: Selection;
  readonly onSelect: (documents: readonly DocumentBody[], chosen: boolean, range: boolean) => void;
  readonly onDelete: (document: DocumentBody) => void;
}

const HEAD =
  "sticky top-0 z-10 border-b border-line bg-raised px-3 py-2 text-left text-xs font-medium text-muted first:rounded-tl-card last:rounded-tr-card";
const WIDE = "max-md:hidden";

export function DocumentTable({ documents, selection, onSelect, onDelete }: DocumentTableProps) {
  const all = isAllSelected(selection, documents);
  return (
    <Card>
      <table className="w-full table-fixed border-separate border-spacing-0 text-base">
        <thead>
          <tr>
            <th className={`${HEAD} w-10`}>
              <Checkbox
                label="Choose all documents in this list"
                checked={all}
                partly={documents.some(({ id }) => selection.has(id))}
                onChange={(chosen) => onSelect(documents, chosen, false)}
              />
            </th>
            <th className={`${HEAD} w-[32%] max-md:w-auto`}>Title</th>
            <th className={`${HEAD} ${WIDE}`}>State</th>
            <th className={`${HEAD} ${WIDE} w-28`}>Kind</th>
            <th className={`${HEAD} ${WIDE} w-20 text-right`}>Size</th>
            <th className={`${HEAD} ${WIDE} w-24 text-right`}>Passages</th>
            <th className={`${HEAD} ${WIDE} w-28 text-right`}>Added</th>
            <th className={`${HEAD} w-12`}>
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody className="[&>tr:last-child>td]:border-0">
          {documents.map((document) => (
            <DocumentRow
              key={document.id}
              document={document}
              chosen={selection.has(document.id)}
              onChoose={(chosen, range) => onSelect([document], chosen, range)}
              onDelete={() => onDelete(document)}
            />
          ))}
        </tbody>
      </table>
    </Card>
  );
}

interface DocumentRowProps {
  readonly document: DocumentBody;
  readonly chosen: boolean;
  readonly onChoose: (chosen: boolean, range: boolean) => void;
  readonly onDelete: () => void;
}

function DocumentRow({ document, chosen, onChoose, onDelete }: DocumentRowProps) {
  const failed = document.status === "failed";
  const cell = "h-10 border-b border-line px-3 py-1.5";
  const number = `${cell} ${WIDE} text-right tabular-nums`;
  return (
    <tr className={`group ${chosen ? "bg-accent-soft" : "hover:bg-hover"}`}>
      <td className={cell}>
        <Checkbox label={`Choose ${document.title}`} checked={chosen} onChange={onChoose} />
      </td>
      <td className={cell}>
        <TitleCell document={document} onDelete={onDelete} />
      </td>
      <td className={`${cell} ${WIDE} text-sm`} colSpan={failed ? 4 : 1}>
        <StateCell document={document} onDelete={onDelete} />
      </td>
      {!failed && (
        <>
          <td className={`${cell} ${WIDE} truncate text-muted`} title={kindOf(document)}>
            {kindOf(document)}
          </td>
          <td className={`${number} text-muted`}>{fileSize(document.bytes)}</td>
          <td className={`${number} text-muted`}>
            {document.chunks === 0 ? "" : document.chunks.toLocaleString()}
          </td>
        </>
      )}
      <td className={`${number} text-muted`}>
        <TimeAgo at={document.createdAt} />
      </td>
      <td className={`${cell} pr-2 text-right`}>
        <DocumentMenu document={document} onDelete={onDelete} />
      </td>
    </tr>
  );
}

/** On a phone everything about a document stands in its first cell. */
function TitleCell({ document, onDelete }: Pick<DocumentRowProps, "document" | "onDelete">) {
  return (
    <div className="grid grid-cols-1 justify-items-start gap-0.5">
      <Link
        href={documentPath(document.id)}
        className="max-w-full font-medium break-words hover:text-accent-text hover:underline"
      >
        {document.title}
      </Link>
      <TagList tags={document.tags} />
      <div className="grid gap-0.5 text-xs text-muted md:hidden">
        <span className="tabular-nums">
          {kindOf(document)}, {fileSize(document.bytes)}, <TimeAgo at={document.createdAt} />
        </span>
        <StateCell document={document} onDelete={onDelete} />
      </div>
    </div>
  );
}
