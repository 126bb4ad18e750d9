const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Relative under a day, a date after it: "just now", "5 min ago", "3 h ago", "12 Mar", "12 Mar 2024". */
export function relativeTime(iso: string, now: Date, locale?: string): string {
  const then = new Date(iso);
  const age = now.getTime() - then.getTime();
  if (Number.isNaN(age)) return "";
  if (age < MINUTE) return "just now";
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h ago`;
  const sameYear = then.getFullYear() === now.getFullYear();
  return then.toLocaleDateString(locale, {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  });
}

export function exactTime(iso: string, locale?: string): string {
  const then = new Date(iso);
  if (Number.isNaN(then.getTime())) return "";
  return then.toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
}

/** Only the hour and minute, for lines inside a thread. */
export function clockTime(iso: string, locale?: string): string {
  const then = new Date(iso);
  return Number.isNaN(then.getTime())
    ? ""
    : then.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
}

/** "0.4 ms", "12 ms", "1.2 s", "1 min 5 s" */
export function duration(ms: number): string {
  if (ms < 10) return `${Math.round(ms * 10) / 10} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

/** "812 B", "14 KB", "3.2 MB"; thousands, as file managers count. */
export function fileSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} KB`;
  return `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
}

/** A limit as it is set, in units of 1,048,576 bytes: "50 MB". */
export function sizeLimit(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MB`;
}
