/** "(2) Shop" in the tab while there is something unread. */

/** @returns a function that takes the number of unread messages */
export function titleBadge(): (unread: number) => void {
  let prefix = "";
  return (unread) => {
    const next = unread === 0 ? "" : `(${unread}) `;
    if (next === prefix && document.title.startsWith(prefix)) return;
    // The page may have set a title of its own in the meantime.
    const bare =
      prefix !== "" && document.title.startsWith(prefix)
        ? document.title.slice(prefix.length)
        : document.title;
    prefix = next;
    document.title = next + bare;
  };
}
