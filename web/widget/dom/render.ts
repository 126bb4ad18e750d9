/**
 * The part of a component renderer that this widget uses: keyed elements, function components, four hooks.
 *
 * Why not Preact, whose types and conventions it follows: with hooks it takes 5.9 kB of the 30 kB (gzip) that a page
 * should load for a chat; this takes 1.3 kB, because it always draws from the root, leaving out only what is the same
 * object as before, and has no error boundaries, portals, class components or anything that sets HTML.
 */
import { setProperty } from "./properties.ts";

export interface ElementNode {
  readonly type: string | ((props: never) => unknown);
  readonly props: Readonly<Record<string, unknown>>;
  readonly key?: string | number | undefined;
}

export interface Hook {
  value?: unknown;
  dependencies?: readonly unknown[] | undefined;
  cleanup?: unknown;
}

/** One node of what is on screen. */
export interface Fiber {
  readonly parent: Fiber | undefined;
  /** What it shows. */
  node: unknown;
  /** Its state or that of something in it has changed since it was drawn. */
  dirty: boolean;
  readonly type: unknown;
  readonly key: unknown;
  props: Readonly<Record<string, unknown>>;
  /** Of an element or a text; a component or a list has only what its children have. */
  readonly dom?: Element | Text;
  children: readonly Fiber[];
  readonly hooks: Hook[];
}

const TEXT = "#text";
const LIST = "#list";
const SVG = "http://www.w3.org/2000/svg";

/** Children without an element around them. */
export function Fragment(props: { readonly children?: unknown }): unknown {
  return props.children;
}

/** The component that is being drawn, and its next hook. */
let current: { readonly fiber: Fiber; index: number } | undefined;
let effects: (() => void)[] = [];

/** @returns a function that draws the tree anew from whatever `view` returns then */
export function mount(container: ParentNode & Node, view: () => unknown): () => void {
  let root: Fiber | undefined;
  let due = false;
  const draw = (): void => {
    due = false;
    redraw = schedule;
    root = update(root, view(), undefined, false);
    place(container, domOf(root));
    for (const effect of effects.splice(0)) effect();
  };
  const schedule = (): void => {
    if (!due) queueMicrotask(draw);
    due = true;
  };
  return schedule;
}

/** Set by the first drawing: a page has one widget. */
let redraw = (): void => {};

/** The next hook of the component that is being drawn. */
export function nextHook(): { readonly hook: Hook; readonly isNew: boolean; readonly fiber: Fiber } {
  if (current === undefined) throw new Error("a hook outside a component");
  const { fiber } = current;
  const index = current.index++;
  const known = fiber.hooks[index];
  const hook = known ?? {};
  fiber.hooks[index] = hook;
  return { hook, isNew: known === undefined, fiber };
}

export function afterDrawing(effect: () => void): void {
  effects.push(effect);
}

/** The state of `fiber` has changed: it is drawn again although its parents still show the same. */
export function drawAgain(fiber: Fiber): void {
  for (let at: Fiber | undefined = fiber; at !== undefined; at = at.parent) at.dirty = true;
  redraw();
}

/** Makes the fiber show `node`, or a new one where it cannot. */
function update(old: Fiber | undefined, node: unknown, parent: Fiber | undefined, svg: boolean): Fiber {
  if (old !== undefined && old.node === node && !old.dirty) return old;
  const { type, key, props } = describe(node);
  const same = old !== undefined && old.type === type && old.key === key ? old : undefined;
  if (old !== undefined && same === undefined) remove(old);
  const inSvg = svg || type === "svg";
  const blank = { parent, type, key, props: {}, children: [], hooks: [], node, dirty: false };
  const fiber: Fiber = same ?? { ...blank, ...makeDom(type, props, inSvg) };
  const before = fiber.props;
  fiber.props = props;
  fiber.node = node;
  fiber.dirty = false;
  if (isComponent(type)) {
    // The effects of the children come first: those of the parent may measure them.
    const outer = effects;
    effects = [];
    const drawn = call(fiber, type, props);
    const own = effects;
    effects = outer;
    fiber.children = [update(fiber.children[0], drawn, fiber, inSvg)];
    effects.push(...own);
  } else if (type === TEXT) {
    if (fiber.dom && fiber.dom.textContent !== props.text) fiber.dom.textContent = String(props.text);
  } else {
    fiber.children = updateAll(fiber, asList(props.children), inSvg);
    if (fiber.dom instanceof Element) {
      place(fiber.dom, fiber.children.flatMap(domOf));
      for (const name in { ...before, ...props }) setProperty(fiber.dom, name, before[name], props[name]);
    }
  }
  return fiber;
}

/** Children with a key are found by it wherever they were; those without by their position. */
function updateAll(parent: Fiber, nodes: readonly unknown[], svg: boolean): readonly Fiber[] {
  const byKey = new Map(parent.children.map((fiber, index) => [fiber.key ?? index, fiber]));
  const next = nodes.map((node, index) => {
    const key = describe(node).key ?? index;
    const known = byKey.get(key);
    byKey.delete(key);
    return update(known, node, parent, svg);
  });
  for (const gone of byKey.values()) remove(gone);
  return next;
}

function describe(node: unknown): Pick<Fiber, "type" | "key" | "props"> {
  if (Array.isArray(node)) return { type: LIST, key: undefined, props: { children: node } };
  if (isElementNode(node)) return { type: node.type, key: node.key, props: node.props };
  const text = typeof node === "string" || typeof node === "number" ? String(node) : undefined;
  // Nothing (`condition && …`) keeps its place among its siblings.
  return text === undefined
    ? { type: LIST, key: undefined, props: {} }
    : { type: TEXT, key: undefined, props: { text } };
}

function isElementNode(node: unknown): node is ElementNode {
  return typeof node === "object" && node !== null && "type" in node && "props" in node;
}

function isComponent(type: unknown): type is (props: unknown) => unknown {
  return typeof type === "function";
}

function asList(children: unknown): readonly unknown[] {
  if (children === undefined) return [];
  return Array.isArray(children) ? children : [children];
}

function makeDom(type: unknown, props: Fiber["props"], svg: boolean): { readonly dom?: Element | Text } {
  if (type === TEXT) return { dom: document.createTextNode(String(props.text)) };
  if (typeof type !== "string" || type === LIST) return {};
  return { dom: svg ? document.createElementNS(SVG, type) : document.createElement(type) };
}

function call(fiber: Fiber, component: (props: unknown) => unknown, props: unknown): unknown {
  const outer = current;
  current = { fiber, index: 0 };
  try {
    return component(props);
  } finally {
    current = outer;
  }
}

function domOf(fiber: Fiber): readonly Node[] {
  return fiber.dom === undefined ? fiber.children.flatMap(domOf) : [fiber.dom];
}

/** Puts the nodes in order and moves none that is in its place: moving one would cost it the focus. */
function place(parent: Node, nodes: readonly Node[]): void {
  let next = nodes.length === 0 ? null : parent.firstChild;
  for (const node of nodes) {
    if (node === next) next = node.nextSibling;
    else parent.insertBefore(node, next);
  }
}

function remove(fiber: Fiber, inRemoved = false): void {
  for (const hook of fiber.hooks) if (typeof hook.cleanup === "function") hook.cleanup();
  if (fiber.dom !== undefined && !inRemoved) fiber.dom.remove();
  for (const child of fiber.children) remove(child, inRemoved || fiber.dom !== undefined);
}
