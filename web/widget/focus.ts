/** Keyboard focus within the panel. */

const FOCUSABLE =
  "a[href], button:not([disabled]), textarea:not([disabled]), input:not([disabled]), [tabindex='0']";

/** Keeps Tab within `area`: after the last element comes the first. */
export function keepTabWithin(event: KeyboardEvent, area: Element): void {
  if (event.key !== "Tab") return;
  const inside = Array.from(area.querySelectorAll<HTMLElement>(FOCUSABLE)).filter(
    (element) => element.closest("[inert]") === null && element.getClientRects().length > 0,
  );
  const active = activeWithin(area);
  const first = inside[0];
  const last = inside.at(-1);
  const leaves = active === undefined || active === (event.shiftKey ? first : last);
  if (!leaves) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

/** The focused element, if it is inside `area`. */
export function activeWithin(area: Element): Element | undefined {
  const root = area.getRootNode();
  const active = root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
  return active !== null && area.contains(active) ? active : undefined;
}
