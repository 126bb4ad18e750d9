/**
 * Envelope encryption: secrets are sealed with the tenant's data key, that key with the appliance's master key.
 * AES-256-GCM, 12 random bytes of nonce, 16 of tag; `context` is authenticated, so that a sealed value moved to
 * another row or tenant does not open.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** Bytes: version, nonce, tag, ciphertext. */
export function seal(key: Uint8Array, context: string, plain: Uint8Array | string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(context));
  const body = Buffer.concat([
    cipher.update(plain instanceof Uint8Array ? plain : Buffer.from(plain)),
    cipher.final(),
  ]);
  return Buffer.concat([Buffer.from([version]), nonce, cipher.getAuthTag(), body]);
}

/** The reverse of `seal`. @throws when the key or the context is not the one it was sealed with, or a bit changed. */
export function unseal(key: Uint8Array, context: string, sealed: Uint8Array): Buffer {
  if (sealed[0] !== version || sealed.length < 1 + nonceBytes + tagBytes)
    throw new Error("a sealed value has an unknown form");
  const nonce = sealed.subarray(1, 1 + nonceBytes);
  const tag = sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce);
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(sealed.subarray(1 + nonceBytes + tagBytes)), decipher.final()]);
  } catch (error) {
    throw new Error("a sealed value does not open: the master key is not the one it was sealed with", {
      cause: error,
    });
  }
}
