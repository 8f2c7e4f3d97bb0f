import type { Route } from './read-routes.ts';

type Named = Pick<Route, 'method' | 'path'>;

/** Names that no rule finds. */
const NAMES: Record<string, string> = {
  'GET join': 'getInvitation',
  'POST join': 'acceptInvitation',
  'GET setup': 'getSetup',
  'POST setup': 'setUp',
  'GET me': 'getMe',
  'POST me/confirm': 'confirmMyPassword',
  'POST me/password': 'changeMyPassword',
  'POST me/second-factor': 'beginMySecondFactor',
  'DELETE me/second-factor': 'turnOffMySecondFactor',
  'DELETE me/second-factor/wrong-codes': 'dismissMyWrongCodes',
  'POST me/second-factor/recovery-codes': 'replaceMyRecoveryCodes',
  'POST me/sessions/revoke-others': 'revokeMyOtherSessions',
  'POST organizations/{organizationId}/audit-events/verification': 'verifyAuditLog',
  'GET organizations/{organizationId}/audit-events/verification': 'getAuditLogVerification',
  'GET organizations/{organizationId}/audit-events/export': 'exportAuditEvents',
  'GET organizations/{organizationId}/members/{memberId}/seen': 'listPasswordsSeenByMember',
  'GET organizations/{organizationId}/rotations/weekly': 'getWeeklyRotations',
  'GET organizations/{organizationId}/projects/summary': 'getProjectSummary',
  'GET projects/{projectId}/connections': 'getProjectConnections',
  'POST projects/{projectId}/integrations': 'connectIntegration',
  'POST projects/{projectId}/integrations/{provider}/places': 'listIntegrationPlaces',
  'POST projects/{projectId}/jobs/{jobId}/tasks/{taskId}/done': 'completeTask',
  'DELETE projects/{projectId}/jobs/{jobId}/tasks/{taskId}/done': 'reopenTask',
  'GET status': 'getStatus',
  'GET jobs/{jobId}/old-sessions': 'listOldSessions',
  'POST jobs/{jobId}/old-sessions/end': 'endOldSessions',
  'POST organizations/{organizationId}/departures/{departureId}/rotate': 'rotatePasswordsSeenByFormerMember',
  'POST organizations/{organizationId}/policies/preview': 'previewPolicy',
  'POST projects/changes': 'changeProjects',
  'POST campaigns': 'startCampaign',
  'POST campaigns/preview': 'previewCampaign',
  'POST projects/{projectId}/verify': 'checkProjectConnection',
  'POST connection-tests': 'testConnection',
  'POST imports': 'startImport',
  'POST imports/dry-run': 'checkImport',
  'POST imports/{importId}/cancel': 'cancelImport',
  'POST imports/servers/{serverId}/take-over': 'takeOverAccounts',
  'POST projects/{projectId}/integrations/vercel/connect': 'connectVercel',
  'POST projects/{projectId}/integrations/netlify/connect': 'connectNetlify',
  'POST projects/{projectId}/integrations/github/connect': 'connectGithub',
  'POST vector/sites/{siteId}/wp/reconfig': 'rewriteSiteConfig',
  'GET vector/deployments/{deploymentId}/variables': 'getDeploymentVariables',
};

/** Last words of a path that say what is done, and not what is there. */
const VERBS = /^(rotate|sync|check|keep|redeploy|connect|verify|test|redeliver|renew|confirm|report|reset|cancel|pause|resume|abort|retry)(?:-(.+))?$/;

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const camel = (segment: string): string => segment.split('-').map(capital).join('');
const singular = (noun: string): string => noun.replace(/ies$/, 'y').replace(/([^s])s$/, '$1');

/** `rotateProjectCredentials`: a verb and the nouns of the path, unique in the document. */
export function nameOperation({ method, path }: Named): string {
  const short = path.replace('/api/v1/', '');
  const given = NAMES[`${method} ${short}`];
  if (given !== undefined) return given;
  const segments = short.replace(/^vector\//, '').split('/');
  const verb = VERBS.exec(segments.at(-1) ?? '');
  const rest = verb ? segments.slice(0, -1) : segments;
  const last = rest.at(-1) ?? '';
  const isOne = last.startsWith('{');
  const nouns = rest.filter((segment) => !segment.startsWith('{')).map((segment) => (segment === 'me' ? 'my' : segment));
  const isCollection = !isOne && /[^s]s$/.test(last);
  const name = (one: boolean) => nouns.map((noun, index) => camel(index < nouns.length - 1 || one ? singular(noun) : noun)).join('');
  if (verb) return `${verb[1]}${name(isOne)}${camel(verb[2] ?? '')}`;
  if (method === 'GET') return isCollection ? `list${name(false)}` : `get${name(isOne)}`;
  if (method === 'POST') return `create${name(true)}`;
  return `${method === 'DELETE' ? 'delete' : 'update'}${name(isOne)}`;
}

/** The name as a sentence: `Rotate project credentials`. */
export function summarizeOperation(route: Named): string {
  const words = nameOperation(route)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/\bapi\b/g, 'API')
    .replace(/\bgithub\b/g, 'GitHub')
    .replace(/\b(?:netlify|vercel)\b/g, capital)
    .replace(/\bdb\b/g, 'database');
  return capital(words);
}

/** What an operation is about, the first that its path matches, with what it says of it. */
const TAGS: readonly (readonly [RegExp, name: string, description: string])[] = [
  [/\/api-keys/, 'API keys', 'Keys for scripts and other clients, with scopes.'],
  [/\/audit-events|\/vector\/events/, 'Audit log', 'The tamper-evident record of what was done, by whom.'],
  [/\/webhook/, 'Webhooks', 'Endpoints that events are delivered to, and their deliveries.'],
  [/\/integrations/, 'Integrations', 'Variables at Vercel, Netlify and GitHub that hold the connection URL.'],
  [/\/consumers|\/tasks/, 'Consumers', 'Manual consumers of a connection URL, and what is left to do for them.'],
  [/\/members|\/invitations|\/departures|\/join/, 'Members', 'Members, their invitations, and rotations after a member leaves.'],
  [/\/polic(?:y|ies)/, 'Policies', 'When passwords are rotated without anyone asking.'],
  [/\/campaigns/, 'Campaigns', 'One rotation for each of many logins: a canary first, then waves.'],
  [/\/encryption-keys/, 'Encryption keys', 'The keys that stored passwords are encrypted with.'],
  [/\/(?:global-)?secrets/, 'Secrets', 'Variables of the environments of a site.'],
  [/\/vector\/.*deployments/, 'Deployments', 'Deployments of an environment.'],
  [/\/vector\/account/, 'Account', 'Your own account and sessions.'],
  [/\/vector\//, 'Sites', 'Sites and their environments.'],
  [/\/jobs|\/credentials|\/rotations/, 'Rotations', 'Password rotations and their jobs.'],
  [/\/imports/, 'Imports', 'Files of connection URLs that become projects.'],
  [/\/projects|\/connection-tests/, 'Projects', 'Databases whose passwords Rekey rotates.'],
  [/\/organizations/, 'Organizations', 'Organizations.'],
  [/\/me\b|\/setup|\/auth\//, 'Account', 'Your own account and sessions.'],
  [/\/status|\/ping/, 'Status', 'Whether Rekey works.'],
];

/** The tag of a path; that of a path which belongs to none is its first word. */
export const tagOf = (path: string): string => TAGS.find(([pattern]) => pattern.test(path))?.[1] ?? capital(path.split('/')[3] ?? '');

/** The tags of the document with their descriptions, each once. */
export const tags = [...new Map(TAGS.map(([, name, description]) => [name, description]))].map(([name, description]) => ({ name, description }));
