import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { storedPasswordGuessLimits } from '#lib/limits/limits.ts';
import { giveBackGuess, takeGuess } from '#lib/limits/take-guess.ts';
import { keepsPassword } from './adopt-login.ts';
import type { Target } from './read-target.ts';

type Login = Pick<Target['direct'], 'engine' | 'host' | 'port' | 'user' | 'password'>;

/**
 * Counts a password that is given for a known login and is not the stored one: the answer shows whether it was right, and
 * no server counts that. Call it outside of a transaction. Throws rate_limited.
 */
export async function takePasswordGuess(
  { organizationId, actor }: Context,
  { engine, host, port: directPort, user: roleName, password }: Login,
): Promise<void> {
  const known = await db.database.findMany({
    where: { organizationId, host, directPort, roleName, server: { engine } },
    include: { credentials: { where: { state: 'current' } } },
  });
  if (known.length === 0) return;
  const limits = storedPasswordGuessLimits(actor, `${engine} ${host} ${directPort} ${roleName}`);
  await takeGuess(limits);
  for (const login of known) if (await keepsPassword(login, password)) return giveBackGuess(limits);
}
