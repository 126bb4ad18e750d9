import { CircleAlert, Ellipsis, RefreshCw, Square } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { useCrawl } from "../../api/sources.ts";
import type { SourceBody } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { MENU, MENU_ITEM } from "../../ui/menu.ts";
import { describeError } from "../../ui/notice.tsx";
import { exactTime } from "../../ui/time.ts";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { DeleteSiteDialog } from "./delete-site-dialog.tsx";
import { EditSiteDialog } from "./edit-site-dialog.tsx";
import { scheduleInWords } from "./site-draft.ts";
import { SitePagesDrawer } from "./site-pages.tsx";
import { countsInWords, type SiteState, siteName, siteState } from "./site-words.ts";

type Open = "pages" | "edit" | "delete";

/** One site: how it stands, when it is read, and what can be done with it. */
export function SiteCard({ source }: { readonly source: SourceBody }) {
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const { lastRun, error, nextRunAt } = source;
  return (
    <li className="grid gap-3 rounded-card border border-line bg-raised p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="grid min-w-0 flex-1 basis-64 gap-1">
          <h3 className="font-medium break-all">{siteName(source.url)}</h3>
          <State state={siteState(source)} />
          {source.status === "failed" && error && (
            <p className="text-sm text-pretty break-words text-muted">{error.message}</p>
          )}
          {lastRun && (
            <p className="text-sm break-words text-muted tabular-nums">{countsInWords(lastRun.pages)}</p>
          )}
        </div>
        <Actions source={source} onOpen={setOpen} />
      </div>
      <dl className="flex flex-wrap gap-x-6 gap-y-1 border-t border-line pt-2.5 text-xs text-muted">
        <Fact name="Read">
          {lastRun ? <TimeAgo at={lastRun.finishedAt ?? lastRun.startedAt} /> : "never"}
        </Fact>
        <Fact name="Again">
          {scheduleInWords(source.schedule)}
          {nextRunAt && `, next on ${exactTime(nextRunAt)}`}
        </Fact>
        <Fact name="At most">{source.maxPages.toLocaleString()} pages</Fact>
      </dl>
      {open === "pages" && <SitePagesDrawer source={source} onClose={close} />}
      {open === "edit" && <EditSiteDialog source={source} onClose={close} />}
      {open === "delete" && <DeleteSiteDialog source={source} onClose={close} />}
    </li>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div className="flex gap-1.5">
      <dt>{name}</dt>
      <dd className="font-medium text-ink tabular-nums">{children}</dd>
    </div>
  );
}

const DOTS: Readonly<Record<SiteState["tone"], string>> = {
  waiting: "border border-edge",
  working: "bg-unsure",
  ready: "bg-sure",
  failed: "bg-failed",
};

function State({ state }: { readonly state: SiteState }) {
  const failed = state.tone === "failed";
  return (
    <p className="flex items-center gap-1.5 text-sm tabular-nums">
      {failed ? (
        <CircleAlert size={12} aria-hidden="true" className="shrink-0 text-failed" />
      ) : (
        <span aria-hidden="true" className={`mx-0.5 size-2 shrink-0 rounded-full ${DOTS[state.tone]}`} />
      )}
      <span className={failed ? "font-medium text-failed" : ""}>{state.words}</span>
    </p>
  );
}

function Actions({ source, onOpen }: { readonly source: SourceBody; readonly onOpen: (open: Open) => void }) {
  const crawl = useCrawl(source.id);
  const running = source.status === "running";
  const name = siteName(source.url);
  return (
    <div className="grid justify-items-end gap-1.5">
      <div className="flex gap-1.5">
        <Button size="small" onClick={() => onOpen("pages")}>
          Show pages
        </Button>
        <Button size="small" busy={crawl.isPending} onClick={() => crawl.mutate(running ? "stop" : "start")}>
          {running ? <Square size={12} aria-hidden="true" /> : <RefreshCw size={12} aria-hidden="true" />}
          {running ? "Stop" : "Read now"}
        </Button>
        <DropdownMenu.Root modal={false}>
          <DropdownMenu.Trigger asChild>
            <Button look="quiet" size="small" aria-label={`More about ${name}`}>
              <Ellipsis size={16} aria-hidden="true" />
            </Button>
          </DropdownMenu.Trigger>
          <DropdownMenu.Portal>
            <DropdownMenu.Content align="end" sideOffset={4} className={`${MENU} w-44`}>
              <DropdownMenu.Item className={MENU_ITEM} onSelect={() => onOpen("edit")}>
                Change how it is read
              </DropdownMenu.Item>
              <DropdownMenu.Separator className="my-1 h-px bg-line" />
              <DropdownMenu.Item className={`${MENU_ITEM} text-failed`} onSelect={() => onOpen("delete")}>
                Delete…
              </DropdownMenu.Item>
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu.Root>
      </div>
      {crawl.error && (
        <p role="alert" className="max-w-xs text-xs text-failed">
          {describeError(crawl.error)}
        </p>
      )}
    </div>
  );
}
