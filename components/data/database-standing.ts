import type { StateKind } from '#components/ui/state.tsx';
import type { EnvironmentWire, SiteStatusWire, SiteWire } from '#lib/contract/vector/site.ts';
import { type LoginStanding, loginStanding } from './login-standing.ts';

export interface DatabaseStanding {
  kind: StateKind;
  text: string;
  pip: LoginStanding['pip'];
}

type Database = Pick<EnvironmentWire, 'status' | 'last_error' | 'current' | 'cannot_rotate'> & Partial<Pick<EnvironmentWire, 'valid_versions' | 'retiring'>>;

const STATES = { active: 'ready', resetting: 'rotating_credentials', verifying: 'verifying', needs_attention: 'needs_attention' } as const satisfies Partial<
  Record<SiteStatusWire, string>
>;

/** How a database of a site stands, in two words: those of the overview, but for a reset. */
export function databaseStanding({ status, last_error: lastError, current, cannot_rotate: cannotRotate, ...of }: Database, noWorker = false): DatabaseStanding {
  if (status === 'no_database' || !current) return { kind: 'off', text: 'No database', pip: 'ok' };
  const older = (of.valid_versions ?? []).filter((version) => version !== current.version);
  const retiring = older.map((version) => ({ version, retire_at: of.retiring?.version === version ? of.retiring.retire_at : null }));
  const facts = { state: STATES[status], version: current.version, provenAt: current.proven_at, lastError, cannotRotate, retiring };
  const { kind, title, pip } = loginStanding(facts, noWorker);
  const text = title === 'Rotating' ? 'Resetting' : title === 'Cannot rotate' ? 'Cannot be reset' : title;
  return { kind, text, pip };
}

const URGENCY: readonly DatabaseStanding['pip'][] = ['ok', 'accent', 'warn', 'danger'];

/** How the most urgent database of a site stands, and whose it is. */
export function siteStanding(site: SiteWire, noWorker = false): DatabaseStanding & { of: string } {
  const all = [
    { ...databaseStanding(site, noWorker), of: 'Development' },
    ...site.environments.map((one) => ({ ...databaseStanding(one, noWorker), of: one.name })),
  ];
  return all.reduce((most, one) => (URGENCY.indexOf(one.pip) > URGENCY.indexOf(most.pip) ? one : most));
}

/** What people call a site: its domain, or its customer. */
export const siteName = (site: Pick<SiteWire, 'dev_domain' | 'partner_customer_id'>): string => site.dev_domain || site.partner_customer_id;
