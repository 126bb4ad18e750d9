/** The files in what was dropped, folders looked through. */

const MOST_FILES = 10_000;
const DEEPEST = 12;

/** Files that operating systems leave behind, which nobody means to add. */
export function isClutter(name: string): boolean {
  return name.startsWith(".") || name.startsWith("~$") || /^(thumbs\.db|desktop\.ini)$/i.test(name);
}

/** Must be called while the drop is handled: what was dropped is out of reach afterwards. */
export function droppedFiles(transfer: DataTransfer): Promise<readonly File[]> {
  const entries = [...transfer.items].flatMap((item) => {
    if (item.kind !== "file") return [];
    return item.webkitGetAsEntry() ?? item.getAsFile() ?? [];
  });
  return collect(entries);
}

async function collect(entries: readonly (FileSystemEntry | File)[]): Promise<readonly File[]> {
  const files: File[] = [];
  for (const entry of entries) {
    if (entry instanceof File) files.push(entry);
    else await collectEntry(entry, 0, files);
  }
  return files;
}

async function collectEntry(entry: FileSystemEntry, depth: number, files: File[]): Promise<void> {
  if (files.length >= MOST_FILES || depth > DEEPEST) return;
  if (depth > 0 && isClutter(entry.name)) return;
  if (isFile(entry)) {
    const file = await new Promise<File | null>((resolve) => entry.file(resolve, () => resolve(null)));
    if (file !== null) files.push(file);
    return;
  }
  if (!isFolder(entry)) return;
  const reader = entry.createReader();
  for (;;) {
    // A reader gives a part of the folder at a time, and nothing when it has given all.
    const part = await new Promise<FileSystemEntry[]>((resolve) =>
      reader.readEntries(resolve, () => resolve([])),
    );
    if (part.length === 0) return;
    for (const item of part) await collectEntry(item, depth + 1, files);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
