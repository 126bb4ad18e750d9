import { Globe, Plus } from "lucide-react";
import { useSources } from "../../api/sources.ts";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/notice.tsx";
import { Card } from "../../ui/page.tsx";
import { QueryView, SkeletonRows } from "../../ui/query-view.tsx";
import { SiteCard } from "./site-card.tsx";

/** The web sites that are read by themselves. */
export function SitesPart({ onAdd }: { readonly onAdd: () => void }) {
  const query = useSources();
  return (
    <QueryView
      query={query}
      failure="The web sites could not be loaded"
      skeleton={
        <Card>
          <SkeletonRows height="h-24" />
        </Card>
      }
    >
      {({ items }) =>
        items.length === 0 ? (
          <Card>
            <Empty
              icon={<Globe size={20} aria-hidden="true" />}
              title="No web site yet"
              action={
                <Button look="primary" onClick={onAdd}>
                  <Plus size={16} aria-hidden="true" />
                  Add a web site
                </Button>
              }
            >
              <p>
                Name the address of your site: its pages are read, and read again when they change, so that
                the assistant answers from what stands there.
              </p>
            </Empty>
          </Card>
        ) : (
          <>
            <h2 className="sr-only">Web sites</h2>
            <ul className="grid gap-3">
              {items.map((source) => (
                <SiteCard key={source.id} source={source} />
              ))}
            </ul>
          </>
        )
      }
    </QueryView>
  );
}
