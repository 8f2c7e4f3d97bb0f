import { db } from '#lib/kernel/db.ts';
import type { MariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { RoundFault } from './check.ts';
import { type By, storedCredentials } from './subject.ts';

/** An account on MariaDB whose password the rounds change. */
export interface MariadbSubject {
  adopted: Adopted;
  server: MariadbTarget;
}

let count = 0;

/** Makes an account and puts it under Rekey's care. */
export async function makeMariadbSubject(server: MariadbTarget, by: By): Promise<MariadbSubject> {
  const name = `app_${++count}`;
  const login = await server.createLogin(name);
  const rotator = by === 'rotator' ? await server.createRotator(`${name}_rotator`) : undefined;
  return { server, adopted: await adopt({ engine: 'mysql', target: server.target, login, ...(rotator && { rotator }) }) };
}

/** The credential that counts. */
export const currentOf = ({ adopted: { databaseId } }: MariadbSubject) => db.credential.findFirstOrThrow({ where: { databaseId, state: 'current' } });

/** What the driver alone says of each version that the store holds. Only the server's definite word counts as refused. */
async function standing({ adopted, server }: MariadbSubject): Promise<{ version: number; state: string; isAccepted: boolean }[]> {
  const all = await storedCredentials(adopted);
  return Promise.all(
    all.map(async ({ version, state, login }) => {
      try {
        const connection = await server.connect(login);
        await connection.end();
        return { version, state, isAccepted: true };
      } catch (error) {
        if ((error as { errno?: number }).errno !== 1045) throw error;
        return { version, state, isAccepted: false };
      }
    }),
  );
}

/** One version logs in at all times; with `running` that very one does. */
export async function checkHeld(subject: MariadbSubject, running?: number): Promise<void> {
  const all = await standing(subject);
  if (!all.some(({ isAccepted }) => isAccepted)) throw new RoundFault('lockout', 'no stored password logs in');
  if (running && !all.some(({ version, isAccepted }) => version === running && isAccepted))
    throw new RoundFault('lockout', 'what runs has lost its password before the deployment');
}

/** At the end the current one logs in, `running` too, and no other. */
export async function checkEnd(subject: MariadbSubject, running?: number): Promise<void> {
  const all = await standing(subject);
  const current = all.filter(({ state }) => state === 'current');
  if (current.length !== 1 || !current[0]?.isAccepted) throw new RoundFault('lockout', 'the stored password is refused');
  const wrong = all.filter(({ version, state, isAccepted }) => isAccepted !== (state === 'current' || version === running));
  if (wrong.length > 0) throw new RoundFault('fault', `not as it should be: ${JSON.stringify(all)}`);
  if (all.some(({ state }) => state === 'staged')) throw new RoundFault('fault', 'a credential is left half-way');
}
