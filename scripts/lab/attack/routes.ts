// How each route that changes something is attacked. One that the document has and this list has not fails the run, and so
// does a field that may carry an address and that no attack fills in.

/** The fields that adopt a login: somewhere in them is the address of a rogue server. */
export interface TargetFields {
  connection_url?: string;
  pooled_connection_url?: string;
  rotator_url?: string;
  ssl_mode?: string;
  allows_md5?: boolean;
}

export interface Aim {
  /** Makes different names of different requests. */
  unique: string;
  /** Ways to lead Rekey to a rogue server, for routes that take a login. */
  targets: TargetFields[];
  /** The same, for a login that is kept already. */
  changes: TargetFields[];
  /** An address of the attacker's, which is told things by HTTP. */
  receiver: string;
  /** Of the rogue server's keys. */
  fingerprints: string[];
}

type Bodies = (aim: Aim) => object[];

const plain =
  (body: object = {}): Bodies =>
  () => [body];
const withoutBody: Bodies = () => [{}];
const named: Bodies = ({ unique }) => [{ name: unique }];
const database = ({ pooled_connection_url: _, ...fields }: TargetFields): object => fields;

const secret: Bodies = ({ unique }) => [{ key: `KEY_${unique.replace(/\W/g, '_')}`, value: 'a value' }];
const newEnvironment: Bodies = ({ unique, targets, receiver }) =>
  targets.map((fields, i) => ({ name: `${unique} ${i}`, database: database(fields), deploy_hook_url: receiver }));
const changedEnvironment: Bodies = ({ targets, receiver }) => [...targets.map((fields) => ({ database: database(fields) })), { deploy_hook_url: receiver }];
const reset: Bodies = plain({ reason: 'routine' });
const webhook: Bodies = ({ receiver }) => [{ url: receiver }];
/** Rows whose logins, and whose poolers, are at the rogue server. */
const importFile: Bodies = ({ unique, targets }) =>
  targets.map(({ connection_url: url = '', pooled_connection_url: pooled_url }, i) => ({
    format: 'jsonl',
    content: JSON.stringify({ name: `${unique} ${i}`, url, pooled_url }),
  }));
const token = { token: 'a token of the attacker' };

const PROJECTS = '/api/v1/projects';
const ORGANIZATION = '/api/v1/organizations/{organizationId}';
const VECTOR = '/api/v1/vector';
const SITE = `${VECTOR}/sites/{siteId}`;

/** Both addresses of what belongs to an environment. */
const inEnvironment = (method: string, end: string, bodies: Bodies): Record<string, Bodies> =>
  Object.fromEntries([VECTOR, SITE].map((base) => [`${method} ${base}/environments/{environmentId}${end}`, bodies]));

export const ROUTES: Record<string, Bodies> = {
  'POST /api/v1/join': plain({ token: 'no token of anybody', name: 'Mallory', password: 'a long password of mallory' }),
  'POST /api/v1/setup': plain({ token: 'no token of anybody', organization: 'Mallory', email: 'mallory@example.com', password: 'a long password of mallory' }),
  'POST /api/v1/me/confirm': plain({ password: 'a guess that is wrong' }),
  'POST /api/v1/me/password': plain({ password: 'a guess that is wrong', new_password: 'a long password of mallory' }),
  'PUT /api/v1/me/notifications': plain({ kinds: [], night_kinds: [], time_zone: null, tag: null }),
  'POST /api/v1/me/notifications/test': withoutBody,
  'POST /api/v1/me/second-factor': withoutBody,
  'DELETE /api/v1/me/second-factor': withoutBody,
  'POST /api/v1/me/second-factor/confirm': plain({ code: '000000' }),
  'POST /api/v1/me/second-factor/recovery-codes': withoutBody,
  'DELETE /api/v1/me/second-factor/wrong-codes': withoutBody,
  'POST /api/v1/me/sessions/revoke-others': withoutBody,
  'DELETE /api/v1/me/sessions/{sessionId}': withoutBody,

  [`POST ${ORGANIZATION}/api-keys`]: plain({ name: 'mallory', scopes: ['credentials:read'] }),
  [`DELETE ${ORGANIZATION}/api-keys/{keyId}`]: withoutBody,
  [`POST ${ORGANIZATION}/api-keys/{keyId}/rotate`]: withoutBody,
  [`POST ${ORGANIZATION}/audit-events/verification`]: withoutBody,
  [`POST ${ORGANIZATION}/departures/{departureId}/rotate`]: withoutBody,
  [`POST ${ORGANIZATION}/encryption-keys/rotate`]: withoutBody,
  [`POST ${ORGANIZATION}/invitations`]: ({ unique }) => [{ email: `mallory.${unique.replace(/\W+/g, '.')}@example.com`, role: 'owner' }],
  [`DELETE ${ORGANIZATION}/invitations/{invitationId}`]: withoutBody,
  [`POST ${ORGANIZATION}/invitations/{invitationId}/renew`]: withoutBody,
  [`PATCH ${ORGANIZATION}/members/{memberId}`]: plain({ role: 'owner' }),
  [`DELETE ${ORGANIZATION}/members/{memberId}`]: withoutBody,
  'POST /api/v1/imports': importFile,
  'POST /api/v1/imports/dry-run': (aim) => importFile(aim).map((body) => ({ ...body, check_logins: true })),
  'POST /api/v1/imports/{importId}/cancel': withoutBody,
  'POST /api/v1/imports/servers/{serverId}/take-over': plain({ accounts: ['app'], confirm: 'take over 1' }),
  [`POST ${ORGANIZATION}/policies`]: ({ unique }) => [{ name: unique, cron: '0 * * * *', is_default: true, run_when_back: true }],
  [`PATCH ${ORGANIZATION}/policies/{policyId}`]: named,
  [`DELETE ${ORGANIZATION}/policies/{policyId}`]: withoutBody,
  [`POST ${ORGANIZATION}/policies/preview`]: plain({ max_age_days: 1 }),
  [`POST ${ORGANIZATION}/webhook-endpoints`]: webhook,
  [`PATCH ${ORGANIZATION}/webhook-endpoints/{endpointId}`]: webhook,
  [`DELETE ${ORGANIZATION}/webhook-endpoints/{endpointId}`]: withoutBody,
  [`POST ${ORGANIZATION}/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/redeliver`]: withoutBody,
  [`POST ${ORGANIZATION}/webhook-endpoints/{endpointId}/rotate-secret`]: withoutBody,
  [`POST ${ORGANIZATION}/webhook-endpoints/{endpointId}/test`]: withoutBody,

  'POST /api/v1/jobs/{jobId}/cancel': withoutBody,
  'POST /api/v1/jobs/{jobId}/old-sessions/end': plain({ application: 'app', address: '127.0.0.1' }),
  'POST /api/v1/campaigns': ({ unique }) => [{ name: unique, filter: {}, reason: 'routine' }],
  'POST /api/v1/campaigns/preview': plain({ filter: {} }),
  'POST /api/v1/campaigns/{campaignId}/pause': withoutBody,
  'POST /api/v1/campaigns/{campaignId}/resume': withoutBody,
  'POST /api/v1/campaigns/{campaignId}/abort': withoutBody,
  'POST /api/v1/campaigns/{campaignId}/retry': withoutBody,
  'POST /api/v1/connection-tests': ({ targets }) => targets,
  [`POST ${PROJECTS}`]: ({ unique, targets }) => targets.map((fields, i) => ({ name: `${unique} ${i}`, ...fields })),
  [`POST ${PROJECTS}/changes`]: plain({ filter: {}, policy_id: null }),
  [`PATCH ${PROJECTS}/{projectId}`]: ({ changes }) => changes,
  [`DELETE ${PROJECTS}/{projectId}`]: withoutBody,
  [`POST ${PROJECTS}/{projectId}/consumers`]: ({ unique }) => [{ name: unique, kind: 'ci_secret' }],
  [`PATCH ${PROJECTS}/{projectId}/consumers/{consumerId}`]: named,
  [`DELETE ${PROJECTS}/{projectId}/consumers/{consumerId}`]: withoutBody,
  [`POST ${PROJECTS}/{projectId}/credentials/rotate`]: plain({ reason: 'routine' }),
  [`POST ${PROJECTS}/{projectId}/integrations/github/connect`]: plain({ ...token, repository: 'mallory/shop' }),
  [`POST ${PROJECTS}/{projectId}/integrations/netlify/connect`]: plain({ ...token, site_id: '1' }),
  [`POST ${PROJECTS}/{projectId}/integrations/vercel/connect`]: ({ receiver }) => [{ ...token, vercel_project_id: 'prj_1', deploy_hook_url: receiver }],
  [`POST ${PROJECTS}/{projectId}/integrations`]: ({ receiver }) => [{ ...token, provider: 'vercel', external_id: 'prj_1', deploy_hook_url: receiver }],
  [`PATCH ${PROJECTS}/{projectId}/integrations/{provider}`]: ({ receiver }) => [token, { deploy_hook_url: receiver }],
  [`DELETE ${PROJECTS}/{projectId}/integrations/{provider}`]: withoutBody,
  [`POST ${PROJECTS}/{projectId}/integrations/{provider}/check`]: withoutBody,
  [`POST ${PROJECTS}/{projectId}/integrations/{provider}/keep`]: withoutBody,
  [`POST ${PROJECTS}/{projectId}/integrations/{provider}/places`]: plain(token),
  [`POST ${PROJECTS}/{projectId}/integrations/{provider}/redeploy`]: withoutBody,
  [`POST ${PROJECTS}/{projectId}/integrations/{provider}/sync`]: withoutBody,
  [`POST ${PROJECTS}/{projectId}/jobs/{jobId}/tasks/{taskId}/done`]: withoutBody,
  [`DELETE ${PROJECTS}/{projectId}/jobs/{jobId}/tasks/{taskId}/done`]: withoutBody,
  [`PUT ${PROJECTS}/{projectId}/policy`]: plain({ policy_id: null }),
  [`POST ${PROJECTS}/{projectId}/verify`]: withoutBody,
  [`POST ${PROJECTS}/{projectId}/server-keys`]: ({ fingerprints }) =>
    fingerprints.flatMap((fingerprint) => ['direct', 'pooled'].flatMap((endpoint) => ['tls', 'rsa'].map((kind) => ({ endpoint, kind, fingerprint })))),

  [`POST ${VECTOR}/account/api-keys`]: plain({ name: 'mallory', abilities: ['credentials:read'] }),
  [`POST ${VECTOR}/api-keys`]: plain({ name: 'mallory', abilities: ['credentials:read'] }),
  [`DELETE ${VECTOR}/account/api-keys/{keyId}`]: withoutBody,
  [`DELETE ${VECTOR}/api-keys/{keyId}`]: withoutBody,
  [`POST ${VECTOR}/account/secrets`]: secret,
  [`PUT ${VECTOR}/account/secrets/{secretId}`]: secret,
  [`DELETE ${VECTOR}/account/secrets/{secretId}`]: withoutBody,
  [`POST ${VECTOR}/global-secrets`]: secret,
  [`PUT ${VECTOR}/global-secrets/{secretId}`]: secret,
  [`DELETE ${VECTOR}/global-secrets/{secretId}`]: withoutBody,
  [`PUT ${VECTOR}/secrets/{secretId}`]: secret,
  [`DELETE ${VECTOR}/secrets/{secretId}`]: withoutBody,
  ...inEnvironment('POST', '/secrets', secret),
  ...inEnvironment('PUT', '/secrets/{secretId}', secret),
  ...inEnvironment('DELETE', '/secrets/{secretId}', withoutBody),
  [`POST ${VECTOR}/deployments/{deploymentId}/report`]: plain({ status: 'deployed' }),
  ...inEnvironment('PUT', '', changedEnvironment),
  ...inEnvironment('DELETE', '', withoutBody),
  ...inEnvironment('POST', '/database/reset-password', reset),
  ...inEnvironment('POST', '/db/reset-password', reset),
  ...inEnvironment('POST', '/database/verify', withoutBody),
  ...inEnvironment('POST', '/deployments', withoutBody),
  [`POST ${VECTOR}/sites`]: ({ unique, targets }) => targets.map((fields, i) => ({ partner_customer_id: `${unique} ${i}`, database: database(fields) })),
  [`PUT ${SITE}`]: plain({ tags: ['mallory'] }),
  [`DELETE ${SITE}`]: withoutBody,
  [`POST ${SITE}/environments`]: newEnvironment,
  [`POST ${SITE}/database/reset-password`]: reset,
  [`POST ${SITE}/db/reset-password`]: reset,
  [`POST ${SITE}/database/verify`]: withoutBody,
  [`POST ${SITE}/wp/reconfig`]: withoutBody,
  [`POST ${VECTOR}/webhooks`]: webhook,
  [`PUT ${VECTOR}/webhooks/{endpointId}`]: webhook,
  [`DELETE ${VECTOR}/webhooks/{endpointId}`]: withoutBody,
  [`POST ${VECTOR}/webhooks/{endpointId}/rotate-secret`]: withoutBody,
};

/** Fields that lead somewhere, and what has been done about each: filled in by an attack, or why that is not needed. */
const ADDRESSES: Record<string, string> = {
  connection_url: 'filled in',
  pooled_connection_url: 'filled in',
  rotator_url: 'filled in',
  ssl_mode: 'filled in',
  allows_md5: 'filled in',
  endpoint: 'a word, direct or pooled',
  fingerprint: 'filled in',
  ca_pem: 'a CA of its own helps whoever names the address alone',
  'database.connection_url': 'filled in',
  'database.rotator_url': 'filled in',
  'database.ssl_mode': 'filled in',
  'database.ca_pem': 'as above',
  deploy_hook_url: 'filled in',
  url: 'filled in',
  address: 'of sessions that are listed; nothing is called there',
  repository: 'at GitHub, whose address the operator sets',
};
const LEADS_SOMEWHERE = /url|host|address|allows|endpoint|port$|repository|ssl|tls|ca_pem|pin|fingerprint|pooler|rotator/i;

interface Named {
  method: string;
  path: string;
  fields: string[];
}

const isMutation = ({ method }: Named): boolean => method !== 'GET';
export const nameOf = ({ method, path }: Pick<Named, 'method' | 'path'>): string => `${method} ${path}`;

/** What of the document no attack knows: routes that change something, and fields that lead somewhere. */
export function findUnlisted(operations: readonly Named[]): string[] {
  return operations.filter(isMutation).flatMap((operation) => {
    const fields = operation.fields.filter((field) => LEADS_SOMEWHERE.test(field) && !(field in ADDRESSES));
    return [...(nameOf(operation) in ROUTES ? [] : [nameOf(operation)]), ...fields.map((field) => `${nameOf(operation)}: ${field}`)];
  });
}
