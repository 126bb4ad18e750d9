/** What the embedding script says about itself: `data-*` attributes for people who do not write code. */

export type Theme = "auto" | "light" | "dark";

export interface WidgetConfig {
  /** Where the script came from: `https://host`. */
  readonly origin: string;
  readonly channel: string;
  readonly position: "left" | "right";
  /** CSS pixels from the edges of the window. */
  readonly offsetX: number;
  readonly offsetY: number;
  /** `#rrggbb`, or undefined for the usual accent. */
  readonly color?: string;
  readonly theme: Theme;
  readonly locale?: string;
  readonly open: boolean;
}

/** @returns undefined when the script has no channel or no address: there is nothing to connect to. */
export function readConfig(
  src: string,
  data: Readonly<Record<string, string | undefined>>,
): WidgetConfig | undefined {
  const channel = data.channel?.trim();
  const origin = originOf(src);
  if (!channel || origin === undefined) return undefined;
  const color = hexColor(data.color);
  const locale = data.locale?.trim();
  return {
    origin,
    channel,
    position: data.position === "left" ? "left" : "right",
    offsetX: pixels(data.offsetX),
    offsetY: pixels(data.offsetY),
    ...(color !== undefined && { color }),
    theme: asTheme(data.theme),
    ...(locale && locale !== "auto" ? { locale } : {}),
    open: data.open !== undefined && data.open !== "false",
  };
}

/** `wss://host/widget/v1/live?channel=…` */
export function liveUrl(config: WidgetConfig): string {
  return `${config.origin.replace(/^http/, "ws")}/widget/v1/live?channel=${encodeURIComponent(config.channel)}`;
}

export function asTheme(value: unknown): Theme {
  return value === "light" || value === "dark" ? value : "auto";
}

function originOf(src: string): string | undefined {
  try {
    const { origin, protocol } = new URL(src);
    return protocol === "http:" || protocol === "https:" ? origin : undefined;
  } catch {
    return undefined;
  }
}

function pixels(value: string | undefined): number {
  const number = Number.parseInt(value ?? "", 10);
  return Number.isFinite(number) ? Math.min(Math.max(number, 0), 400) : 20;
}

function hexColor(value: string | undefined): string | undefined {
  const color = value?.trim().toLowerCase() ?? "";
  if (/^#[0-9a-f]{6}$/.test(color)) return color;
  return /^#[0-9a-f]{3}$/.test(color) ? `#${color.slice(1).replace(/./g, "$&$&")}` : undefined;
}
