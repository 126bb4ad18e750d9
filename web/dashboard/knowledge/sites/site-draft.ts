/** A site's settings as they are typed, and as they are sent. Pure. */
import type { SourceSettings } from "../../api/sources.ts";
import { linesOf } from "../add/lines.ts";

export interface SiteDraft {
  readonly maxPages: string;
  readonly maxDepth: string;
  readonly schedule: string;
  /** One a line. */
  readonly include: string;
  readonly exclude: string;
}

export const NEW_SITE: SiteDraft = {
  maxPages: "200",
  maxDepth: "3",
  schedule: "weekly",
  include: "",
  exclude: "",
};

export const SCHEDULES: readonly (readonly [string, string])[] = [
  ["daily", "Every night"],
  ["weekly", "Once a week, at night"],
  ["never", "Only when I ask for it"],
];

/** "Every night"; a schedule of one's own as it is. */
export function scheduleInWords(schedule: string): string {
  return SCHEDULES.find(([value]) => value === schedule)?.[1] ?? `By the schedule ${schedule}`;
}

export function draftOf(settings: SourceSettings): SiteDraft {
  return {
    maxPages: String(settings.maxPages),
    maxDepth: String(settings.maxDepth),
    schedule: settings.schedule,
    include: settings.include.join("\n"),
    exclude: settings.exclude.join("\n"),
  };
}

/** People leave out the first slash. */
function asPath(line: string): string {
  return /^[/*]/.test(line) ? line : `/${line}`;
}

export function settingsOf(draft: SiteDraft): SourceSettings {
  return {
    maxPages: Number(draft.maxPages),
    maxDepth: Number(draft.maxDepth),
    schedule: draft.schedule,
    include: linesOf(draft.include).map(asPath),
    exclude: linesOf(draft.exclude).map(asPath),
  };
}
