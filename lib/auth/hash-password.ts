import { hash, verify } from '@node-rs/argon2';

// Argon2id with 19 MiB, two passes and one lane: the least that OWASP's password storage cheat sheet allows, chosen for small machines.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Returns the Argon2id hash of a member's sign-in password. */
export const hashPassword = (password: string): Promise<string> => hash(password, COST);

let decoy: Promise<string> | undefined;

/** Returns whether a password matches its hash. Without a hash (unknown user) it takes as long and returns false. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password');
  const matches = await verify(passwordHash ?? (await decoy), password);
  return passwordHash !== null && matches;
}
