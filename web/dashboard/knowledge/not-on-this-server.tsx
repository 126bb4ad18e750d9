import { CircleSlash } from "lucide-react";
import { Empty } from "../ui/notice.tsx";

/** A part that the server behind this page does not have, e.g. while it is being updated. */
export function NotOnThisServer({ what }: { readonly what: string }) {
  return (
    <Empty icon={<CircleSlash size={20} aria-hidden="true" />} title="Not on this server">
      <p>{what} is not part of the version that runs here. Reload the page after an update.</p>
    </Empty>
  );
}
