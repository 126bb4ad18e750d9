/** Which of a file's addresses a crawl goes on to. Runs in the parsing child: a robots.txt can be made to be slow. */
import { readFileSync } from "node:fs";
import robotsParser from "robots-parser";
import { mostLinkLetters, mostLinks, robotsAgent, type WebTask } from "./inspect-protocol.ts";
import { addressOnSite, isWanted, type Scope } from "./web-address.ts";

/** Weighing links is given up after this long; the rest of them is left out. */
const sieveMs = 1_000;
const mostRefused = 200;
/** Looked at of one file: a page of a hundred thousand links is no page. */
const mostLookedAt = 100_000;

export type Robots = ReturnType<typeof robotsParser>;

/** The rules for the site's own origin; without a file everything is allowed. */
export function readRobots(path: string | null, scope: Scope): Robots {
  const text = path === null ? "" : readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  return robotsParser(`${scope.origins[0] ?? ""}/robots.txt`, text);
}

export class LinkSieve {
  readonly links = new Set<string>();
  readonly refused = new Set<string>();
  /** Something was left out. */
  more = false;
  readonly #robots: Robots;
  readonly #until = performance.now() + sieveMs;
  #letters = 0;
  #seen = 0;

  constructor(readonly task: WebTask) {
    this.#robots = readRobots(task.robotsPath, task.scope);
  }

  /** Takes the address where it is one to go on to. @returns false when there is no room for more */
  add(text: string, base: string): boolean {
    this.#seen += 1;
    if (this.#seen > mostLookedAt || performance.now() > this.#until) this.more = true;
    if (this.more) return false;
    const address = this.wanted(text, base);
    if (address === null || this.links.has(address) || this.refused.has(address)) return true;
    if (!this.allows(address)) {
      if (this.refused.size < mostRefused) this.refused.add(address);
      return true;
    }
    this.#letters += address.length;
    if (this.links.size >= mostLinks || this.#letters > mostLinkLetters) {
      this.more = true;
      return false;
    }
    this.links.add(address);
    return true;
  }

  /** The address as it is stored; null: not of the site, or none that its owner wants read. */
  wanted(text: string, base: string): string | null {
    const address = addressOnSite(text, base, this.task.scope);
    return address !== null && isWanted(address, this.task.scope) ? address : null;
  }

  allows(address: string): boolean {
    return this.#robots.isAllowed(address, robotsAgent) !== false;
  }
}
