import { allItems } from "../../api/pages.ts";
import { useSourcePages } from "../../api/sources.ts";
import type { SourceBody, SourcePageBody } from "../../api/types.ts";
import { Link } from "../../router/link.tsx";
import { documentPath } from "../../router/routes.ts";
import { Button } from "../../ui/button.tsx";
import { Drawer } from "../../ui/dialog.tsx";
import { QueryView, SkeletonRows } from "../../ui/query-view.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { pageState, siteName } from "./site-words.ts";

interface SitePagesProps {
  readonly source: SourceBody;
  readonly onClose: () => void;
}

/** Every page that was found, what became of it and why. */
export function SitePagesDrawer({ source, onClose }: SitePagesProps) {
  const query = useSourcePages(source.id, source.status === "running");
  return (
    <Drawer
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Pages of ${siteName(source.url)}`}
      intro="In the order in which they were found."
    >
      <QueryView
        query={query}
        failure="The pages could not be loaded"
        skeleton={<SkeletonRows height="h-14" />}
      >
        {({ pages }) => {
          const items = allItems(pages);
          if (items.length === 0) return <p className="p-5 text-muted">No page was found yet.</p>;
          return (
            <ul className="divide-y divide-line">
              {items.map((page) => (
                <PageRow key={page.id} page={page} />
              ))}
            </ul>
          );
        }}
      </QueryView>
      {query.hasNextPage && (
        <div className="p-5">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show more pages
          </Button>
        </div>
      )}
    </Drawer>
  );
}

function PageRow({ page }: { readonly page: SourcePageBody }) {
  const bad = page.status === "failed";
  return (
    <li className="grid gap-0.5 px-5 py-2.5 text-sm">
      {page.documentId ? (
        <Link
          href={documentPath(page.documentId)}
          className="font-medium break-all hover:text-accent-text hover:underline"
        >
          {siteName(page.url)}
        </Link>
      ) : (
        <a
          href={page.url}
          target="_blank"
          rel="noopener noreferrer"
          className="font-medium break-all hover:underline"
        >
          {siteName(page.url)}
        </a>
      )}
      <p className="flex flex-wrap justify-between gap-x-3 text-xs text-muted">
        <span className={`min-w-0 break-words ${bad ? "text-failed" : ""}`}>
          {pageState(page)}
          {page.reason && `: ${page.reason}`}
        </span>
        {page.lastChecked && <TimeAgo at={page.lastChecked} />}
      </p>
    </li>
  );
}
