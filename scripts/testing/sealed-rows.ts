// Values in every sealed column of the store, and a look at whether all of them open.
import { randomBytes } from 'node:crypto';
import { Prisma } from '#generated/prisma/client.ts';
import { openChain } from '#lib/audit/chain-key.ts';
import { totpContext } from '#lib/auth/second-factor/second-factor.ts';
import { open, seal } from '#lib/crypto/envelope.ts';
import type { KeyRing } from '#lib/crypto/key-encryption-key.ts';
import { localKey } from '#lib/crypto/local-key.ts';
import { Secret } from '#lib/crypto/secret.ts';
import { SEALED_COLUMNS } from '#lib/encryption/sealed-columns.ts';
import { answerContext } from '#lib/idempotency/answer-once.ts';
import { sealRow } from '#lib/imports/seal-row.ts';
import { integrationContext } from '#lib/integrations/seal-token.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { valueContext } from '#lib/secrets/secrets.ts';
import { hookSecretContext } from '#lib/sites/hook-secret.ts';
import { secretContext } from '#lib/webhooks/endpoint-secret.ts';
import { NOWHERE } from '#scripts/servers/place.ts';
import { adopt } from './adopt.ts';

/** A ring of local keys, given in base64; the first is the current one. */
export function ringOf(...keys: string[]): KeyRing {
  const all = keys.map((key) => localKey(Buffer.from(key, 'base64')));
  const [current] = all;
  if (!current) throw new Error('a ring needs a key');
  return { setting: 'REKEY_ENCRYPTION_KEY', current, keys: all };
}

export const randomKey = (): string => randomBytes(32).toString('base64');

/** Values in every sealed column, and `secrets` more that each hold their own key as text. Answers the organization. */
export async function makeSealedRows(secrets: number): Promise<string> {
  const password = new Secret('x');
  const { context, projectId } = await adopt({ target: NOWHERE, login: { user: 'app', password }, rotator: { user: 'rotator', password } });
  const { organizationId } = context;
  const endpoint = { id: newId('whe'), organizationId, secretVersion: 2 };
  await db.webhookEndpoint.create({
    data: {
      ...endpoint,
      url: 'https://example.com',
      receiver: 'example.com',
      eventTypes: ['*'],
      secretSealed: await seal('present', secretContext(endpoint)),
      formerSecretSealed: await seal('former', secretContext({ ...endpoint, secretVersion: 1 })),
    },
  });
  const integration = { id: newId('itg'), organizationId, tokenVersion: 3, hookVersion: 2 };
  await db.integration.create({
    data: {
      ...integration,
      projectId,
      provider: 'vercel',
      externalId: 'prj',
      name: 'prj',
      config: {},
      tokenSealed: await seal('token', integrationContext(integration, 'token', 3)),
      hookSealed: await seal('hook', integrationContext(integration, 'hook', 2)),
    },
  });
  const site = await db.site.create({ data: { id: newId('sit'), organizationId, projectId, partnerCustomerId: 'customer', tags: [] } });
  const environment = { id: newId('env'), organizationId, hookSecretVersion: 4 };
  await db.siteEnvironment.create({
    data: { ...environment, siteId: site.id, name: 'production', hookSecretSealed: await seal('hook', hookSecretContext(environment)) },
  });
  const answer = { organizationId, actorId: 'key_1', key: 'some-key' };
  await db.idempotencyKey.create({ data: { ...answer, requestHash: 'x', status: 201, answerSealed: await seal('{}', answerContext(answer)) } });
  const user = await db.user.create({ data: { id: newId('usr'), email: 'ada@example.com', passwordHash: 'none' } });
  const factor = { id: newId('sfa'), organizationId };
  await db.secondFactor.create({ data: { ...factor, userId: user.id, secretSealed: await seal('totp', totpContext(factor)) } });
  const row = { id: newId('imr'), organizationId };
  const urls = await sealRow(row, { url: 'postgresql://app:x@db.example.com/app', pooledUrl: '' });
  const far = new Date('2100-01-01');
  await db.import.create({
    data: {
      id: newId('imp'),
      organizationId,
      name: 'import',
      total: 1,
      requestedBy: 'ada',
      rows: { create: { ...row, line: 1, sealed: urls, nextAttemptAt: far } },
    },
  });
  await openChain(db, organizationId);
  const rows = Array.from({ length: secrets }, () => ({ id: newId('sec'), organizationId, version: 1 }));
  const sealed = await Promise.all(rows.map(async (row) => ({ ...row, key: row.id, sealed: await seal(row.id, valueContext(row)) })));
  await db.environmentSecret.createMany({ data: sealed });
  return organizationId;
}

/** Opens every value of the store with these keys. Throws, naming the row, where one does not open. Answers the texts by place. */
export async function openAll(ring: KeyRing): Promise<Map<string, string>> {
  const opened = new Map<string, string>();
  for (const { table, column, key, version, contextOf } of SEALED_COLUMNS) {
    const rows = await db.$queryRaw<{ key: string[]; organizationId: string; version: number; sealed: string }[]>`
      SELECT ARRAY[${Prisma.raw(key.map((name) => `"${name}"`).join(', '))}] AS key, organization_id AS "organizationId",
        (${Prisma.raw(version)})::int AS version, ${Prisma.raw(`"${column}"`)} AS sealed
      FROM ${Prisma.raw(`"${table}"`)} WHERE ${Prisma.raw(`"${column}"`)} IS NOT NULL`;
    for (const { sealed, ...row } of rows) {
      const place = `${table}.${column} ${row.key.join(' ')} v${row.version}`;
      const text = await open(sealed, contextOf({ ...row, id: row.key[0] ?? '' }), ring).catch((error: unknown) => {
        throw new Error(`${place} does not open`, { cause: error });
      });
      opened.set(place, text);
    }
  }
  return opened;
}
