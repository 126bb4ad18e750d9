import { X } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/page.tsx";
import { ProgressBar } from "../ui/progress.tsx";
import { fileSize } from "../ui/time.ts";
import type { Upload } from "./upload-state.ts";
import { dismissUpload, retryUpload, useUploads } from "./uploads.ts";

export function UploadList() {
  const uploads = useUploads();
  if (uploads.length === 0) return null;
  return (
    <Card className="mb-4">
      <ul aria-label="Uploads" className="divide-y divide-line">
        {uploads.map((upload) => (
          <UploadRow key={upload.key} upload={upload} />
        ))}
      </ul>
    </Card>
  );
}

function UploadRow({ upload }: { readonly upload: Upload }) {
  const moving = upload.state === "waiting" || upload.state === "sending";
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-sm">
      <span className="min-w-0 flex-1 basis-40 truncate font-medium" title={upload.name}>
        {upload.name}
      </span>
      <UploadState upload={upload} />
      {upload.again && (
        <Button size="small" onClick={() => retryUpload(upload.key)}>
          Try again
        </Button>
      )}
      <Button
        look="quiet"
        size="small"
        aria-label={moving ? `Stop uploading ${upload.name}` : `Remove ${upload.name} from this list`}
        onClick={() => dismissUpload(upload.key)}
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
      return (
        <span role="alert" className="text-failed">
          Not added. {upload.error}
        </span>
      );
  }
}
