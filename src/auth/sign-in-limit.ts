/** Guessing passwords and setup tokens is slowed down per account and address together, and per address alone. */
import { AppError } from "../errors.ts";
import { AttemptLimit } from "./attempts.ts";

const windowMs = 15 * 60_000;

export class SignInLimit {
  readonly #pairs = new AttemptLimit(8, windowMs);
  readonly #addresses = new AttemptLimit(40, windowMs);

  /** @throws AppError rate_limited; the same for known and unknown accounts */
  check(name: string, address: string): void {
    const wait = Math.max(this.#pairs.waitMs(`${name}\n${address}`), this.#addresses.waitMs(address));
    if (wait > 0)
      throw new AppError(
        "rate_limited",
        `Too many failed tries. Try again in ${Math.ceil(wait / 60_000)} minutes.`,
        { retryAfterMs: wait },
      );
  }

  fail(name: string, address: string): void {
    this.#pairs.fail(`${name}\n${address}`);
    this.#addresses.fail(address);
  }

  succeed(name: string, address: string): void {
    this.#pairs.succeed(`${name}\n${address}`);
  }
}
