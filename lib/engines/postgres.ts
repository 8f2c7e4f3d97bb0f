import { ENGINES } from '#lib/contract/engines/engines.ts';
import type { Engine } from './engine.ts';
import { listAccounts } from './postgres/accounts.ts';
import { inspect } from './postgres/inspect.ts';
import { openOperator } from './postgres/operator.ts';
import { probe } from './postgres/probe.ts';
import { openSession } from './postgres/session.ts';
import { readKey } from './postgres/socket.ts';
import { makeVerifier, showsVerifier } from './postgres/verifier.ts';

/** PostgreSQL 13 and newer. */
export const postgres: Engine = {
  name: 'postgresql',
  changesAccountsOneByOne: false,
  keepsTwoPasswords: ENGINES.postgresql.keepsTwoPasswords,
  limitsFailedLogins: false,
  sendsPlaintext: true,
  readKey,
  probe,
  inspect,
  listAccounts,
  openOperator,
  openSession,
  makeVerifier,
  // A role has one verifier.
  shows: showsVerifier,
};
