import { X } from "lucide-react";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/page.tsx";
import { ProgressBar } from "../ui/progress.tsx";
import { fileSize } from "../ui/time.ts";
import { countUploads, isBusy, type Upload, type UploadQueue } from "./upload-state.ts";
import { clearUploads, dismissUploads, retryUploads, useUploads } from "./uploads.ts";
import { uploadCountsInWords } from "./words.ts";

/** Up to this many files each have a line of their own; more are counted. */
const FEW = 5;
const SHOWN = 5;

/** The files on their way, and what became of those that were not added. */
export function UploadList() {
  const queue = useUploads();
  const { total } = countUploads(queue);
  if (queue.uploads.length === 0 && total <= FEW) return null;
  return (
    <Card className="mb-4">
      {total > FEW ? (
        <ManyUploads queue={queue} />
      ) : (
        <ul aria-label="Uploads" aria-live="polite" className="divide-y divide-line">
          {queue.uploads.map((upload) => (
            <UploadRow key={upload.key} upload={upload} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function ManyUploads({ queue }: { readonly queue: UploadQueue }) {
  const [all, setAll] = useState(false);
  const counts = countUploads(queue);
  const failed = queue.uploads.filter((upload) => upload.state === "failed");
  const again = failed.filter((upload) => upload.again).map((upload) => upload.key);
  const sending = queue.uploads.filter((upload) => upload.state === "sending");
  const shown = all ? failed : failed.slice(0, SHOWN);
  return (
    <>
      <div className="grid gap-2 p-3">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <p role="status" className="min-w-0 flex-1 basis-48 font-medium tabular-nums">
            {uploadCountsInWords(counts)}
          </p>
          {again.length > 0 && (
            <Button size="small" onClick={() => retryUploads(again)}>
              Try {again.length === 1 ? "the one" : `${again.length.toLocaleString()}`} again
            </Button>
          )}
          {isBusy(queue) ? (
            <Button size="small" onClick={() => dismissUploads(moving(queue))}>
              Stop
            </Button>
          ) : (
            <Button size="small" look="quiet" onClick={clearUploads}>
              Close
            </Button>
          )}
        </div>
        {counts.moving > 0 && <ProgressBar wide value={counts.progress} label="All uploads" />}
      </div>
      {(sending.length > 0 || shown.length > 0) && (
        <ul aria-label="Uploads" className="divide-y divide-line border-t border-line">
          {[...sending, ...shown].map((upload) => (
            <UploadRow key={upload.key} upload={upload} />
          ))}
        </ul>
      )}
      {shown.length < failed.length && (
        <div className="border-t border-line p-2">
          <Button size="small" look="quiet" onClick={() => setAll(true)}>
            Show all {failed.length.toLocaleString()} that were not added
          </Button>
        </div>
      )}
    </>
  );
}

function moving({ uploads }: UploadQueue): readonly string[] {
  return uploads
    .filter((upload) => upload.state === "waiting" || upload.state === "sending")
    .map((upload) => upload.key);
}

function UploadRow({ upload }: { readonly upload: Upload }) {
  const onItsWay = upload.state === "waiting" || upload.state === "sending";
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-sm">
      <span className="min-w-0 flex-1 basis-40 truncate font-medium" title={upload.name}>
        {upload.name}
      </span>
      <UploadState upload={upload} />
      {upload.again && (
        <Button size="small" onClick={() => retryUploads([upload.key])}>
          Try again
        </Button>
      )}
      <Button
        look="quiet"
        size="small"
        aria-label={onItsWay ? `Stop uploading ${upload.name}` : `Remove ${upload.name} from this list`}
        onClick={() => dismissUploads([upload.key])}
      >
        <X size={14} aria-hidden="true" />
      </Button>
    </li>
  );
}

function UploadState({ upload }: { readonly upload: Upload }) {
  switch (upload.state) {
    case "waiting":
      return <span className="text-muted">Waiting, {fileSize(upload.bytes)}</span>;
    case "sending":
      return (
        <span className="flex items-center gap-2 text-muted tabular-nums">
          <ProgressBar value={upload.progress} label={`Uploading ${upload.name}`} />
          {upload.progress < 1 ? `Uploading ${Math.round(upload.progress * 100)} %` : "Arriving"}
        </span>
      );
    case "known":
      return <span role="status">Already there: nothing was added twice</span>;
    case "failed":
      return <span className="text-failed">Not added. {upload.error}</span>;
  }
}
