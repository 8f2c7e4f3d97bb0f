import type { StateKind } from '#components/ui/state.tsx';
import type { EnvironmentWire, SiteWire } from '#lib/http/wire/vector/site.ts';

export interface DatabaseStanding {
  kind: StateKind;
  text: string;
  pip: 'ok' | 'warn' | 'danger' | 'accent';
}

type Database = Pick<EnvironmentWire, 'status' | 'last_error' | 'current'> & { retiring?: EnvironmentWire['retiring'] };

/** How a database of a site stands, in two words. */
export function databaseStanding({ status, last_error: lastError, current, retiring }: Database): DatabaseStanding {
  switch (status) {
    case 'no_database':
      return { kind: 'off', text: 'No database', pip: 'ok' };
    case 'resetting':
      return { kind: 'running', text: 'Resetting', pip: 'accent' };
    case 'verifying':
      return { kind: 'running', text: 'Checking the login', pip: 'accent' };
    case 'needs_attention':
      return current?.proven_at ? { kind: 'unknown', text: 'Unknown', pip: 'warn' } : { kind: 'failed', text: 'Login not proven', pip: 'danger' };
    case 'active':
      if (lastError !== null) return { kind: 'failed', text: 'Last attempt failed', pip: 'danger' };
      if (retiring) return { kind: 'two-work', text: 'Both passwords work', pip: 'warn' };
      return current?.proven_at ? { kind: 'ok', text: 'Works', pip: 'ok' } : { kind: 'unknown', text: 'Not proven', pip: 'warn' };
  }
}

const URGENCY: readonly DatabaseStanding['pip'][] = ['ok', 'accent', 'warn', 'danger'];

/** How the most urgent database of a site stands, and whose it is. */
export function siteStanding(site: SiteWire): DatabaseStanding & { of: string } {
  const all = [{ ...databaseStanding(site), of: 'Development' }, ...site.environments.map((one) => ({ ...databaseStanding(one), of: one.name }))];
  return all.reduce((most, one) => (URGENCY.indexOf(one.pip) > URGENCY.indexOf(most.pip) ? one : most));
}

/** What people call a site: its domain, or its customer. */
export const siteName = (site: Pick<SiteWire, 'dev_domain' | 'partner_customer_id'>): string => site.dev_domain || site.partner_customer_id;
