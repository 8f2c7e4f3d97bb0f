import type { EngineName } from '#lib/engines/engine.ts';

/** What stands around a login. A text about it names nothing else. */
export interface Around {
  engine: EngineName;
  hasPooler: boolean;
  hasRotator: boolean;
  hasFile: boolean;
}

const POSTGRES =
  /postgres|\bpg_|pg_hba|scram|pgbouncer|pgpool|auth_(?:query|file|type|delay)|credcheck|createrole|admin true|valid until|connection limit|\bnologin\b|search_path|event trigger|synchronous_standby|preloaded|log_(?:statement|min)|advisory/i;
const MYSQL =
  /mysql|mariadb|proxysql|maxscale|caching_sha2|unix_socket|global_priv|flush (?:privileges|hosts)|init_connect|max_(?:user_connections|password_errors)|skip_grant|strict_password|require (?:x509|ssl)|password expire|account (?:un)?lock|set password\b/i;
const POOLER = /pooler|pooled|pgbouncer|pgpool|\bproxy\b|proxysql|maxscale/i;
const FILE = /wp-config|\.env\b|db_password|\bthe site’s file/i;

/** Advice to add something does not claim that it is there. */
const ADVICE = /\b(?:add|needs?|without) a rotator(?: login)?/gi;

/** What a text names that is not there; empty where it names nothing of the kind. */
export function namesOfAbsent(text: string, { engine, hasPooler, hasRotator, hasFile }: Around): string[] {
  const said = text.replace(ADVICE, '');
  const absent = [engine === 'mysql' ? POSTGRES : MYSQL, ...(hasPooler ? [] : [POOLER]), ...(hasRotator ? [] : [/rotator/i]), ...(hasFile ? [] : [FILE])];
  return absent.flatMap((words) => words.exec(said)?.[0] ?? []);
}
