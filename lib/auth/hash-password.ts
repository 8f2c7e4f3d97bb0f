import { hash, verify } from '@node-rs/argon2';

// Argon2id with 19 MiB, two passes and one lane: the least that OWASP's password storage cheat sheet allows, chosen for small machines.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes a member's own password for storage. */
export const hashPassword = (password: string): Promise<string> => hash(password, COST);

let decoy: Promise<string> | undefined;

/** Compares a password with its hash. Without a hash (no such user) it works as long, then says no. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password');
  const matches = await verify(passwordHash ?? (await decoy), password);
  return passwordHash !== null && matches;
}
