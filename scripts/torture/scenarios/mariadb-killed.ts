import { db } from '#lib/db.ts';
import { FAILPOINTS } from '#lib/failpoint.ts';
import { requestRetirement } from '#lib/rotation/request-retirement.ts';
import { type RotationWish, requestRotation } from '#lib/rotation/request-rotation.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { type Ending, RoundFault, waitForEnd } from '#scripts/torture/check.ts';
import { lazy } from '#scripts/torture/lazy.ts';
import type { Scenario } from '#scripts/torture/play.ts';
import { storedCredentials } from '#scripts/torture/subject.ts';
import { until } from '#scripts/torture/until.ts';

interface Subject {
  adopted: Adopted;
  server: MariadbTarget;
}

/** There is no pooler whose refusal would have anything undone. */
const POINTS = FAILPOINTS.filter((name) => !name.startsWith('undo.'));

let count = 0;

async function makeSubject(server: MariadbTarget, by: 'role' | 'rotator'): Promise<Subject> {
  const name = `app_${++count}`;
  const login = await server.createLogin(name);
  const rotator = by === 'rotator' ? await server.createRotator(`${name}_rotator`) : undefined;
  return { server, adopted: await adopt({ engine: 'mysql', target: server.target, login, ...(rotator && { rotator }) }) };
}

/** What the driver alone says of each version that the store holds. Only the server's definite word counts as refused. */
async function standing({ adopted, server }: Subject): Promise<{ version: number; state: string; isAccepted: boolean }[]> {
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
async function checkHeld(subject: Subject, running?: number): Promise<void> {
  const all = await standing(subject);
  if (!all.some(({ isAccepted }) => isAccepted)) throw new RoundFault('lockout', 'no stored password logs in');
  if (running && !all.some(({ version, isAccepted }) => version === running && isAccepted))
    throw new RoundFault('lockout', 'what runs has lost its password before the deployment');
}

/** At the end the current one logs in, `running` too, and no other. */
async function checkEnd(subject: Subject, running?: number): Promise<void> {
  const all = await standing(subject);
  const current = all.filter(({ state }) => state === 'current');
  if (current.length !== 1 || !current[0]?.isAccepted) throw new RoundFault('lockout', 'the stored password is refused');
  const wrong = all.filter(({ version, state, isAccepted }) => isAccepted !== (state === 'current' || version === running));
  if (wrong.length > 0) throw new RoundFault('fault', `not as it should be: ${JSON.stringify(all)}`);
  if (all.some(({ state }) => state === 'staged')) throw new RoundFault('fault', 'a credential is left half-way');
}

/** kill -9 of the worker at each failpoint: while the password is replaced at once, while the old one is to live on, and while it is ended. */
export const mariadbKilled: Scenario = (rig) => {
  const target = lazy(async () => {
    const server = await startMariadbTarget();
    rig.stopAtEnd(server);
    return server;
  });
  return POINTS.map((failpoint) => {
    const subjects = lazy(async () => {
      const server = await target();
      return { own: await makeSubject(server, 'role'), deployed: await makeSubject(server, 'rotator') };
    });
    const killed = async (subject: Subject, begin: () => Promise<string | null>, running?: number): Promise<Ending> => {
      const doomed = await rig.yard.start({ REKEY_FAILPOINTS: failpoint });
      const jobId = await begin();
      if (!jobId) throw new RoundFault('fault', 'nothing was begun');
      await until(`the worker to die at ${failpoint}`, () => !doomed.isRunning(), { everyMs: 5 });
      await checkHeld(subject, running);
      await rig.takeOver([{ jobId, subject: subject.adopted }]);
      const ending = await waitForEnd({ jobId });
      if (ending !== 'completed') throw new RoundFault('fault', `it ended ${ending}`);
      await rig.yard.killStarted();
      return ending;
    };
    return {
      name: `MariaDB: kill at ${failpoint}, at once, with both valid, and at the end of the old one`,
      play: async (random) => {
        const { own, deployed } = await subjects();
        const ask = async ({ adopted }: Subject, wish: RotationWish) => (await requestRotation(adopted.context, adopted.projectId, wish)).jobId;
        const versionOf = async ({ adopted: { databaseId } }: Subject) =>
          (await db.credential.findFirstOrThrow({ where: { databaseId, state: 'current' } })).version;

        const endings: Ending[] = [];
        // The same states as on PostgreSQL, where every round has them: here a few are enough.
        if (random.next() < 0.25) endings.push(await killed(own, () => ask(own, {})));
        await checkEnd(own);
        const running = await versionOf(deployed);
        endings.push(await killed(deployed, () => ask(deployed, { retirement: 'on_deploy' }), running));
        await checkEnd(deployed, running);
        const keepVersion = await versionOf(deployed);
        const { context, databaseId } = deployed.adopted;
        endings.push(await killed(deployed, async () => (await requestRetirement(context, databaseId, { keepVersion })).jobId, keepVersion));
        await checkEnd(deployed);
        return { endings, hits: endings.length };
      },
    };
  });
};
