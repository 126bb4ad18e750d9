/** Guessing passwords and setup tokens is slowed down per account and address together, and per address alone. */

import { networkOf } from "../egress/addresses.ts";
import { AppError } from "../errors.ts";
import { AttemptLimit } from "./attempts.ts";

const windowMs = 15 * 60_000;

export class SignInLimit {
  readonly #pairs = new AttemptLimit(8, windowMs);
  readonly #addresses = new AttemptLimit(40, windowMs);

  /**
   * Counts a try before it is made, so that many at the same time do not get around the limit; `succeed` takes it back.
   * @throws AppError rate_limited; the same for known and unknown accounts
   */
  begin(name: string, address: string): void {
    const place = networkOf(address);
    const wait = Math.max(this.#pairs.waitMs(`${name}\n${place}`), this.#addresses.waitMs(place));
    if (wait > 0)
      throw new AppError(
        "rate_limited",
        `Too many failed tries. Try again in ${Math.ceil(wait / 60_000)} minutes.`,
        { retryAfterMs: wait },
      );
    this.#pairs.fail(`${name}\n${place}`);
    this.#addresses.fail(place);
  }

  succeed(name: string, address: string): void {
    const place = networkOf(address);
    this.#pairs.succeed(`${name}\n${place}`);
    this.#addresses.takeBack(place);
  }
}
