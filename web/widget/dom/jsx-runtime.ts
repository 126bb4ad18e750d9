/** What JSX compiles to (`@jsxImportSource ./dom`). The types of elements and attributes are Preact's. */
import type { ElementNode } from "./render.ts";

export type { JSX } from "preact";
export { Fragment } from "./render.ts";

export function jsx(
  type: ElementNode["type"],
  props: Readonly<Record<string, unknown>>,
  key?: string | number,
): ElementNode {
  return { type, props, key };
}

export { jsx as jsxDEV, jsx as jsxs };
