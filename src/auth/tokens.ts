/** Random tokens: what is handed out is shown once, what is stored is its SHA-256. */
import { createHash, randomBytes } from "node:crypto";

export type TokenKind = "key" | "session" | "setup" | "visitor" | "pub";

/** `mc_<kind>_<43 characters>`, 256 random bits. */
export function newToken(kind: TokenKind): string {
  return `mc_${kind}_${randomBytes(32).toString("base64url")}`;
}

/** 32 bytes. Fast on purpose: the input is long and random, so it cannot be guessed from its hash. */
export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** True when `token` has the form of one of ours; says nothing about whether it is valid. */
export function isToken(token: unknown, kind: TokenKind): token is string {
  return (
    typeof token === "string" &&
    token.startsWith(`mc_${kind}_`) &&
    /^mc_[a-z]+_[A-Za-z0-9_-]{43}$/.test(token)
  );
}
