import { Upload } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "../../ui/button.tsx";
import { acceptedFiles } from "../accepted-files.ts";
import { isClutter } from "../dropped-files.ts";
import { addFiles } from "../uploads.ts";
import type { AddFormProps } from "./form.tsx";

/** Files and folders; they are on their way as soon as they are chosen. */
export function FilesForm({ onDone }: AddFormProps) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  // React knows no such attribute.
  useEffect(() => folder.current?.setAttribute("webkitdirectory", ""), []);
  const take = (input: HTMLInputElement) => {
    const chosen = [...(input.files ?? [])];
    const isFolder = input === folder.current;
    addFiles(isFolder ? chosen.filter(({ name }) => !isClutter(name)) : chosen);
    input.value = "";
    onDone();
  };
  return (
    <div className="grid justify-items-center gap-3 rounded-card border-2 border-dashed border-line px-6 py-8 text-center">
      <Upload size={20} aria-hidden="true" className="text-muted" />
      <p className="text-base">Drop files or whole folders here, or choose them.</p>
      <div className="flex flex-wrap justify-center gap-2">
        <Button look="primary" onClick={() => files.current?.click()}>
          Choose files
        </Button>
        <Button onClick={() => folder.current?.click()}>Choose a folder</Button>
      </div>
      <p className="max-w-md text-xs text-pretty text-muted">{acceptedFiles()}.</p>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label="Files to add"
        onChange={(event) => take(event.target)}
      />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        aria-label="Folder to add"
        onChange={(event) => take(event.target)}
      />
    </div>
  );
}
