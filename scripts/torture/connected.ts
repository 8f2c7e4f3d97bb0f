import { db } from '#lib/kernel/db.ts';
import { currentCredential, loadProject } from '#lib/logins/load-project.ts';
import { openCredential } from '#lib/logins/sealing.ts';
import { urlsOf } from '#lib/logins/urls-of.ts';
import { type Connected, connect } from '#scripts/testing/drive-sync.ts';
import type { ProviderFakes } from '#scripts/testing/provider-fakes.ts';
import { RoundFault } from './check.ts';
import type { Rig } from './rig.ts';
import { makeSubject, type Subject } from './subject.ts';
import { TimeoutError, until } from './until.ts';

/** A login whose URL three providers hold. */
export interface ConnectedSubject {
  subject: Subject;
  everywhere: Connected[];
  fakes: ProviderFakes;
}

/** Makes a login, and connects its project with a place of its own at each provider. */
export async function makeConnected(rig: Rig): Promise<ConnectedSubject> {
  const [fakes, target] = await Promise.all([rig.providers(), rig.target({ pooler: 'auth_query' })]);
  const subject = await makeSubject(target, 'role');
  const everywhere = [
    await connect(subject, fakes, 'vercel', { targets: ['development', 'production'] }),
    await connect(subject, fakes, 'netlify', { redeploy: 'automatic' }),
    await connect(subject, fakes, 'github'),
  ];
  return { subject, everywhere, fakes };
}

/** Waits until no sync is in progress and no deployment is still to be asked for. Throws RoundFault `stuck`. */
async function waitForSyncs({ everywhere }: ConnectedSubject): Promise<void> {
  const where = { integrationId: { in: everywhere.map(({ integrationId }) => integrationId) }, finishedAt: null };
  const live = async () => [await db.sync.findMany({ where }), await db.redeployment.findMany({ where })].flat();
  try {
    await until('the syncs to end', async () => (await live()).length === 0, { timeoutMs: 40_000, everyMs: 50 });
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    throw new RoundFault(
      'stuck',
      `it stays: ${(await live()).map(({ id, version, attempts, fence }) => `${id}, v${version}, ${attempts} tries, fence ${fence}`).join('; ')}`,
    );
  }
}

/** Netlify was asked for one deployment of the newest version, and began it. */
async function checkRedeployed({ everywhere, fakes }: ConnectedSubject, version: number): Promise<void> {
  for (const { provider, externalId, integrationId } of everywhere.filter((one) => one.provider === 'netlify')) {
    const asked = await db.redeployment.findMany({ where: { integrationId, version } });
    if (asked.length !== 1 || asked[0]?.state !== 'started')
      throw new RoundFault('fault', `a deployment of v${version}: ${asked.map(({ state }) => state).join(', ') || 'none'}`);
    const begun = fakes[provider].deployments.filter(({ place }) => place === externalId).length;
    const told = await db.redeployment.count({ where: { integrationId, state: 'started' } });
    if (begun < told) throw new RoundFault('fault', `${told} deployments are said to have begun, ${begun} have`);
  }
}

/** The end of a round: every target holds the newest password, told by what the providers hold, and Rekey claims no less and no more. */
export async function settleSyncs(connected: ConnectedSubject): Promise<void> {
  await waitForSyncs(connected);
  const { subject, everywhere, fakes } = connected;
  const project = await loadProject(subject.context, subject.projectId);
  const current = currentCredential(project);
  const { direct, pooled } = urlsOf(project, (await openCredential(current)).password);
  for (const { provider, externalId, integrationId } of everywhere) {
    for (const { target, version, state } of await db.integrationTarget.findMany({ where: { integrationId } })) {
      const held = fakes[provider].held(externalId, target);
      if (held.DATABASE_URL !== pooled?.reveal() || held.DATABASE_URL_UNPOOLED !== direct.reveal())
        throw new RoundFault('fault', `${provider} ${target} does not hold v${current.version}; Rekey says v${version}, ${state}`);
      if (version !== current.version || (state !== 'in_sync' && state !== 'unverified'))
        throw new RoundFault('fault', `${provider} ${target} holds v${current.version}, and Rekey says v${version}, ${state}`);
    }
  }
  await checkRedeployed(connected, current.version);
  const [violation] = fakes.violations();
  if (violation) throw new RoundFault('fault', violation);
}
