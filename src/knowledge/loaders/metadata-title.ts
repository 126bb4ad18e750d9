import { normaliseLine } from "./text-normal.ts";

/** Titles that programs write by themselves: templates, numbered new files, file names, print jobs. */
const MACHINE_TITLES: readonly RegExp[] = [
  /^(?:untitled|unbenannt|sans titre|без имени|document|dokument|documento|presentation|slide|title|new|scan|book|layout|mappe)[\s_-]*\d*$/i,
  /^(?:Microsoft )?PowerPoint[\s-]\p{L}+$/u,
  /^[\w\s.,()&+-]{1,120}\.(?:docx?|pdf|pptx?|xlsx?|indd|qxd|rtf|odt|tex|dvi|ps|eps|html?|txt|fm|pub|ai|psd)$/i,
  /\(use style: /i,
  /^(?:https?|file):\/\//i,
  /^[A-Z]:\\/,
];

/** The title from a file's metadata when a person seems to have written it. */
export function meaningfulTitle(raw: unknown): string | undefined {
  if (typeof raw !== "string") return undefined;
  const title = normaliseLine(raw).replace(/^Microsoft (?:Word|PowerPoint|Excel) - /i, "");
  if (title.length < 3 || !/\p{L}{2}/u.test(title)) return undefined;
  return MACHINE_TITLES.some((pattern) => pattern.test(title)) ? undefined : title;
}
