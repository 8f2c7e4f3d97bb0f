import { ENGINES } from '#lib/contract/engines/engines.ts';
import { isHashOf, makeCachingSha2Hash, makeNativeHash } from '#lib/crypto/mysql-hash.ts';
import type { Engine } from './engine.ts';
import { inspect } from './mysql/inspect.ts';
import { openOperator } from './mysql/operator.ts';
import { probe } from './mysql/probe.ts';
import { openSession } from './mysql/session.ts';
import { readKey } from './mysql/socket.ts';

/** MariaDB 10.4 and newer, and MySQL 8.0.14 and newer, which is not proven on a live server. */
export const mysql: Engine = {
  name: 'mysql',
  changesAccountsOneByOne: true,
  keepsTwoPasswords: ENGINES.mysql.keepsTwoPasswords,
  limitsFailedLogins: true,
  sendsPlaintext: false,
  readKey,
  probe,
  inspect,
  openOperator,
  openSession,
  makeVerifier: async (password, iterations) => (iterations === 0 ? makeNativeHash(password) : makeCachingSha2Hash(password, iterations)),
  isOf: isHashOf,
};
