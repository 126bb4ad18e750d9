/** Which unanswered questions are shown, as it stands in the address. Pure. */
import type { UnansweredSort, UnansweredStatus } from "../../api/unanswered.ts";

export const SHOWN: readonly { readonly value: UnansweredStatus; readonly label: string }[] = [
  { value: "open", label: "Open" },
  { value: "answered", label: "Answered" },
  { value: "dismissed", label: "Dismissed" },
];
export const SORTS: readonly { readonly value: UnansweredSort; readonly label: string }[] = [
  { value: "count", label: "Most asked" },
  { value: "recent", label: "Latest" },
];

export interface UnansweredView {
  readonly status: UnansweredStatus;
  readonly sort: UnansweredSort;
}

export function viewFrom(parameters: URLSearchParams): UnansweredView {
  return {
    status: SHOWN.find(({ value }) => value === parameters.get("status"))?.value ?? "open",
    sort: SORTS.find(({ value }) => value === parameters.get("sort"))?.value ?? "count",
  };
}

export function viewPath({ status, sort }: UnansweredView): string {
  const parameters = new URLSearchParams();
  if (status !== "open") parameters.set("status", status);
  if (sort !== "count") parameters.set("sort", sort);
  const text = parameters.toString();
  return text === "" ? "/knowledge/unanswered" : `/knowledge/unanswered?${text}`;
}
