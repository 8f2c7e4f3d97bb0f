// Connects projects with providers in a test and drives their syncs as workers would, without waiting for the clock.

import type { UpdateIntegrationBody } from '#lib/contract/integration.ts';
import type { Provider } from '#lib/contract/providers/providers.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import type { Secret } from '#lib/crypto/secret.ts';
import { connectIntegration } from '#lib/integrations/connect-integration.ts';
import { queueSyncsOfLogin } from '#lib/integrations/queue-work.ts';
import { type Chance, syncIntegration } from '#lib/integrations/sync-integration.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { sealCredential } from '#lib/logins/sealing.ts';
import type { Adopted } from './adopt.ts';
import type { ProviderFakes } from './provider-fakes.ts';

export interface Connected extends Adopted {
  provider: Provider;
  integrationId: string;
  externalId: string;
}

/** Connects a project with a place of its own at a fake. */
export async function connect(
  adopted: Adopted,
  fakes: ProviderFakes,
  provider: Provider,
  settings: Omit<UpdateIntegrationBody, 'token'> = {},
): Promise<Connected> {
  const { token, addPlace } = fakes[provider];
  const { externalId, accountId } = addPlace(newId('prj').slice(4).toLowerCase());
  const { integration } = await connectIntegration(adopted.context, adopted.projectId, {
    provider,
    token,
    externalId,
    accountId,
    placeField: 'place',
    settings,
  });
  return { ...adopted, provider, integrationId: integration.id, externalId };
}

/** Gives a login another password, as a rotation does that completes. */
export async function replacePassword({ context, databaseId }: Adopted): Promise<Secret> {
  const password = generatePassword();
  await db.$transaction(async (tx) => {
    const last = await tx.credential.findFirstOrThrow({ where: { databaseId }, orderBy: { version: 'desc' } });
    await tx.credential.updateMany({ where: { databaseId, state: 'current' }, data: { state: 'retired' } });
    const key = { id: newId('crd'), organizationId: context.organizationId, version: last.version + 1 };
    const sealed = await sealCredential(key, { password, verifier: null });
    await tx.credential.create({ data: { ...key, databaseId, loginName: last.loginName, state: 'current', sealed } });
    await queueSyncsOfLogin(tx, databaseId, 'test');
  });
  return password;
}

export const readIntegration = (id: string) =>
  db.integration.findUniqueOrThrow({
    where: { id },
    include: {
      targets: { orderBy: { target: 'asc' } },
      syncs: { orderBy: { createdAt: 'desc' }, include: { job: true } },
      redeployments: { orderBy: { createdAt: 'desc' } },
    },
  });
type DrivenIntegration = Awaited<ReturnType<typeof readIntegration>>;

/** One try at the newest sync, now, whenever it is due. */
export async function attemptSync({ integrationId }: Connected, chance?: Partial<Chance>): Promise<DrivenIntegration> {
  const [sync] = (await readIntegration(integrationId)).syncs;
  if (!sync) throw new Error('there is no sync');
  await db.sync.update({ where: { id: sync.id }, data: { nextAttemptAt: new Date(0) } });
  await syncIntegration(sync.id, 'wrk_test', { clock: () => new Date(), random: () => 0.5, ...chance });
  return readIntegration(integrationId);
}
