/** What the list of documents is narrowed to, as it stands in the address. Pure. */
import type { DocumentFilter } from "../api/documents.ts";
import type { DocumentBody } from "../api/types.ts";

export const STATUSES: readonly (readonly [DocumentBody["status"], string])[] = [
  ["ready", "Ready"],
  ["processing", "Being read"],
  ["pending", "Waiting"],
  ["failed", "With a problem"],
];

export const SOURCES: readonly (readonly [DocumentBody["source"], string])[] = [
  ["upload", "Files"],
  ["text", "Pasted text"],
  ["qa", "Questions and answers"],
  ["page", "Web pages"],
];

function oneOf<T extends string>(choices: readonly (readonly [T, string])[], value: string | null) {
  return choices.find(([choice]) => choice === value)?.[0];
}

/** What does not make sense is left out. */
export function filterFrom(parameters: URLSearchParams): DocumentFilter {
  const text = (name: string, longest: number) => {
    const value = parameters.get(name)?.trim().slice(0, longest);
    return value === undefined || value === "" ? {} : { [name]: value };
  };
  const status = oneOf(STATUSES, parameters.get("status"));
  const source = oneOf(SOURCES, parameters.get("source"));
  return {
    ...text("q", 200),
    ...(status && { status }),
    ...(source && { source }),
    ...text("tag", 50),
    ...text("language", 10),
  };
}

export function filterPath(filter: DocumentFilter): string {
  const parameters = new URLSearchParams();
  for (const name of ["q", "status", "source", "tag", "language"] as const) {
    const value = filter[name];
    if (value !== undefined && value !== "") parameters.set(name, value);
  }
  const text = parameters.toString();
  return text === "" ? "/knowledge" : `/knowledge?${text}`;
}

/** The filter with one part set, or taken out. */
export function withPart(
  filter: DocumentFilter,
  name: keyof DocumentFilter,
  value: string | undefined,
): DocumentFilter {
  const { [name]: _old, ...rest } = filter;
  const parameters = new URLSearchParams({ ...rest, ...(value !== undefined && { [name]: value }) });
  return filterFrom(parameters);
}

export function isFiltered(filter: DocumentFilter): boolean {
  return Object.keys(filter).length > 0;
}
