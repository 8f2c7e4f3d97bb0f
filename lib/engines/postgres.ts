import { isScramVerifier, makeScramVerifier } from '#lib/crypto/scram.ts';
import type { Engine } from './engine.ts';
import { inspect } from './postgres/inspect.ts';
import { openOperator } from './postgres/operator.ts';
import { probe } from './postgres/probe.ts';
import { openSession } from './postgres/session.ts';

/** PostgreSQL 13 and newer. */
export const postgres: Engine = {
  name: 'postgresql',
  changesAccountsOneByOne: false,
  probe,
  inspect,
  openOperator,
  openSession,
  makeVerifier: makeScramVerifier,
  isVerifier: isScramVerifier,
};
