/** Passwords: argon2id with OWASP's first choice of parameters (19 MiB, 2 passes). */
import { AppError } from "../errors.ts";

const parameters = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;
/** Verified when there is no such user, so that both answers take as long. */
let decoy: Promise<string> | undefined;

/** The encoded hash. @throws AppError when the password is too short or too long. */
export async function hashPassword(password: string): Promise<string> {
  if (password.length < 10)
    throw new AppError("invalid_request", "The password needs at least 10 characters.");
  if (password.length > 200)
    throw new AppError("invalid_request", "The password can have at most 200 characters.");
  return Bun.password.hash(password, parameters);
}

/** Whether `password` belongs to `hash`; with no hash it takes the same time and is false. */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  decoy ??= Bun.password.hash("no such user", parameters);
  const matches = await Bun.password.verify(password, hash ?? (await decoy));
  return matches && hash !== undefined;
}
