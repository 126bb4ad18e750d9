/** Attributes, events and references of an element. */

type Handler = (event: Event) => void;

/** The handlers in force, by event name: one listener stays, what it calls changes with every drawing. */
const handlers = new WeakMap<Element, Record<string, unknown>>();

export function setProperty(element: Element, name: string, before: unknown, value: unknown): void {
  if (name === "children" || name === "key") return;
  if (name === "ref") setReference(element, value);
  else if (name.startsWith("on")) setHandler(element, name.slice(2).toLowerCase(), value);
  else if (name === "value") setValue(element, value);
  else if (before !== value) setAttribute(element, name, value);
}

function setReference(element: Element, value: unknown): void {
  if (typeof value === "object" && value !== null && "current" in value) value.current = element;
}

function setHandler(element: Element, type: string, value: unknown): void {
  const own = handlers.get(element) ?? {};
  handlers.set(element, own);
  if (!(type in own)) {
    const call: Handler = (event) => {
      const handler = own[type];
      if (typeof handler === "function") handler(event);
    };
    element.addEventListener(type, call);
  }
  own[type] = value;
}

/** Only when it differs: setting it moves the cursor. */
function setValue(element: Element, value: unknown): void {
  const field = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
  if (field && element.value !== value) element.value = String(value ?? "");
}

function setAttribute(element: Element, name: string, value: unknown): void {
  const isState = name.startsWith("aria-") || name.startsWith("data-");
  if (value === undefined || value === null || (value === false && !isState)) element.removeAttribute(name);
  else element.setAttribute(name, value === true && !isState ? "" : String(value));
}
