import type { Dialect } from '#lib/contract/webhook.ts';
import { capydb } from './capydb.ts';
import type { DialectRules } from './dialect.ts';
import { slack } from './slack.ts';
import { standard } from './standard.ts';
import { vector } from './vector.ts';

/** How the receivers of a dialect are spoken to. */
export function rulesOf(dialect: Dialect): DialectRules {
  switch (dialect) {
    case 'standard':
      return standard;
    case 'vector':
      return vector;
    case 'capydb':
      return capydb;
    case 'slack':
      return slack;
  }
}
