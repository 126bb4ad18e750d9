import { Upload } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { acceptedFiles } from "./accepted-files.ts";
import { droppedFiles } from "./dropped-files.ts";

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") === true;
}

/** Takes files and folders dropped anywhere on the page; true while some are held over it. */
export function usePageDrop(onFiles: (files: readonly File[]) => void): boolean {
  const [over, setOver] = useState(false);
  const take = useRef(onFiles);
  take.current = onFiles;
  useEffect(() => {
    // Every element entered or left fires; only when all are left is the pointer outside the window.
    let depth = 0;
    const change = (event: DragEvent, by: number) => {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth + by);
      setOver(depth > 0);
    };
    const enter = (event: DragEvent) => change(event, 1);
    const leave = (event: DragEvent) => change(event, -1);
    const hover = (event: DragEvent) => carriesFiles(event) && event.preventDefault();
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      void droppedFiles(event.dataTransfer).then((files) => take.current(files));
    };
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("dragover", hover);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("dragover", hover);
      window.removeEventListener("drop", drop);
    };
  }, []);
  return over;
}

export function DropOverlay() {
  return (
    <div className="fade-in pointer-events-none fixed inset-0 z-40 grid place-items-center bg-overlay p-6">
      <div className="grid justify-items-center gap-2 rounded-card border-2 border-dashed border-accent bg-raised px-10 py-8 text-center">
        <Upload size={24} aria-hidden="true" className="text-accent-text" />
        <p className="text-lg font-semibold">Drop to add these documents</p>
        <p className="text-muted">{acceptedFiles()}</p>
      </div>
    </div>
  );
}
