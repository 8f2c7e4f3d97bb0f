import { chainKeyContext } from '#lib/audit/chain-key.ts';
import { totpContext } from '#lib/auth/second-factor/second-factor.ts';
import type { SealContext } from '#lib/crypto/envelope.ts';
import { answerContext } from '#lib/idempotency/answer-once.ts';
import { rowContext } from '#lib/imports/seal-row.ts';
import { integrationContext } from '#lib/integrations/seal-token.ts';
import { rotatorContext } from '#lib/logins/seal-rotator.ts';
import { credentialContext } from '#lib/logins/sealing.ts';
import { valueContext } from '#lib/secrets/secrets.ts';
import { hookSecretContext } from '#lib/sites/hook-secret.ts';
import { secretContext } from '#lib/webhooks/endpoint-secret.ts';

/** What tells a sealed value's place. */
interface Place {
  /** Of the primary key, in its order. */
  key: string[];
  /** The first of them. */
  id: string;
  organizationId: string;
  version: number;
}

export interface SealedColumn {
  table: string;
  column: string;
  /** The columns of the primary key; all of them are texts. */
  key: readonly string[];
  /** SQL of the version that the value is bound to. */
  version: string;
  contextOf: (place: Place) => SealContext;
}

const ID = ['id'] as const;

/** Every column with a sealed value, but for the marks of the keys themselves. A test holds this list to the schema. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'credentials', column: 'sealed', key: ID, version: 'version', contextOf: credentialContext },
  {
    table: 'servers',
    column: 'rotator_sealed',
    key: ID,
    version: 'rotator_version',
    contextOf: ({ version: rotatorVersion, ...row }) => rotatorContext({ ...row, rotatorVersion }),
  },
  { table: 'second_factors', column: 'secret_sealed', key: ID, version: '1', contextOf: totpContext },
  {
    table: 'audit_keys',
    column: 'sealed',
    key: ['organization_id'],
    version: 'version',
    contextOf: ({ organizationId, version }) => chainKeyContext(organizationId, version),
  },
  {
    table: 'webhook_endpoints',
    column: 'secret_sealed',
    key: ID,
    version: 'secret_version',
    contextOf: ({ version: secretVersion, ...row }) => secretContext({ ...row, secretVersion }),
  },
  {
    table: 'webhook_endpoints',
    column: 'former_secret_sealed',
    key: ID,
    version: 'coalesce(former_version, secret_version - 1)',
    contextOf: ({ version: secretVersion, ...row }) => secretContext({ ...row, secretVersion }),
  },
  {
    table: 'environments',
    column: 'hook_secret_sealed',
    key: ID,
    version: 'hook_secret_version',
    contextOf: ({ version: hookSecretVersion, ...row }) => hookSecretContext({ ...row, hookSecretVersion }),
  },
  { table: 'environment_secrets', column: 'sealed', key: ID, version: 'version', contextOf: valueContext },
  {
    table: 'integrations',
    column: 'token_sealed',
    key: ID,
    version: 'token_version',
    contextOf: ({ version, ...row }) => integrationContext(row, 'token', version),
  },
  {
    table: 'integrations',
    column: 'hook_sealed',
    key: ID,
    version: 'hook_version',
    contextOf: ({ version, ...row }) => integrationContext(row, 'hook', version),
  },
  {
    table: 'idempotency_keys',
    column: 'answer_sealed',
    key: ['organization_id', 'actor_id', 'key'],
    version: '1',
    contextOf: ({ organizationId, key: [, actorId = '', key = ''] }) => answerContext({ organizationId, actorId, key }),
  },
  { table: 'import_rows', column: 'sealed', key: ID, version: '1', contextOf: rowContext },
];
