/** How every menu looks. */
export const MENU =
  "z-50 max-h-[var(--radix-dropdown-menu-content-available-height)] overflow-y-auto rounded-card border border-line " +
  "bg-raised p-1 shadow-float fade-in";
export const MENU_ITEM =
  "flex min-h-8 cursor-default items-center gap-2 rounded-control px-2 text-base outline-none select-none " +
  "data-[highlighted]:bg-hover data-[disabled]:opacity-50 max-sm:min-h-10";
