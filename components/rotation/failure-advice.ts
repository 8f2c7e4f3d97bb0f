/** What a failure is called in a timeline, and what a person can do about it. */
interface FailureAdvice {
  short: string;
  todo: string;
}

const ADVICE: Record<string, FailureAdvice> = {
  host_not_found: { short: 'the host name does not resolve', todo: 'Check the host name, then try again. To move the project to another host, use Settings.' },
  server_unreachable: { short: 'the server does not answer', todo: 'Check that the server is up and that this machine may reach its port, then try again.' },
  connection_cut: { short: 'the connection was cut', todo: 'Check the network between Rekey and the server, then try again.' },
  timed_out: { short: 'the server did not answer in time', todo: 'Check that the server is up and not overloaded, then try again.' },
  tls_refused: {
    short: 'the server offers no TLS that Rekey can use',
    todo: 'Turn on TLS 1.2 or newer at the server, without client certificates, or enter a URL with another sslmode under Settings.',
  },
  tls_untrusted: { short: 'the certificate of the server is not trusted', todo: 'Give the right CA or renew the certificate, then try again.' },
  tls_downgraded: {
    short: 'the server no longer offers TLS',
    todo: 'Turn TLS on again at the server, or find out what intercepts the connection between Rekey and the server. To connect without TLS, enter a URL with sslmode=disable under Settings.',
  },
  server_key_changed: {
    short: 'the server presents another key than the trusted one',
    todo: 'Compare the fingerprints under Settings. If you know the new key, trust it there; otherwise find out what intercepts the connection between Rekey and the server.',
  },
  server_key_unknown: {
    short: 'the server asks for the password under an RSA key that is not trusted yet',
    todo: 'Turn TLS on at the server, or compare the RSA key under Settings and trust it there.',
  },
  md5_refused: {
    short: 'the server asks for an MD5 hash but has not proven its identity',
    todo: 'Turn TLS on at the server, or store the password as SCRAM. To send MD5 anyway, allow it for this login under Settings.',
  },
  scram_iterations_too_low: {
    short: 'the server asks for SCRAM with too few iterations',
    todo: 'Turn TLS on at the server, or set scram_iterations to at least 4096 and set the password again.',
  },
  rotator_key_changed: {
    short: 'the rotator’s server presents another key than the trusted one',
    todo: 'If that is the server, enter the rotator’s URL again under Settings: its current key is then trusted.',
  },
  server_full: {
    short: 'the server or the role accepts no more connections',
    todo: 'Close connections, or raise max_connections or the CONNECTION LIMIT of the role, then try again.',
  },
  server_starting: { short: 'the server is starting or stopping', todo: 'Wait until it is up, then try again.' },
  password_refused: { short: 'the server rejected the password', todo: 'Enter the current URL under Settings.' },
  other_password_held: { short: 'the server holds another password', todo: 'Enter the current URL under Settings.' },
  cleartext_refused: { short: 'the server asked for the password in clear text', todo: 'Require scram-sha-256 in pg_hba.conf, then try again.' },
  auth_method_unsupported: { short: 'the server asked for an unknown authentication method', todo: 'Require scram-sha-256 in pg_hba.conf, then try again.' },
  database_missing: { short: 'there is no such database on the server', todo: 'Create the database, or enter another URL under Settings.' },
  role_missing: { short: 'there is no such role on the server', todo: 'Create the role, or enter another URL under Settings.' },
  login_not_allowed: { short: 'the role may not log in here', todo: 'Allow the login (LOGIN, pg_hba.conf), then try again.' },
  account_blocked: {
    short: 'the server has blocked the account after too many failed logins',
    todo: 'Find the client that still uses an old password, then run FLUSH PRIVILEGES on the server and try again.',
  },
  login_limit: {
    short: 'the server rejected as many logins as Rekey makes within some minutes',
    todo: 'Wait until Rekey tries again, or have it make one more login on the project’s page.',
  },
  account_locked: { short: 'the account is locked', todo: 'Unlock it (ALTER USER … ACCOUNT UNLOCK), then try again.' },
  hourly_limit_low: {
    short: 'the account may make too few logins or statements an hour',
    todo: 'Raise MAX_CONNECTIONS_PER_HOUR and MAX_QUERIES_PER_HOUR of the account (0 ends the limit), then try again.',
  },
  host_blocked: { short: 'the server has blocked this host', todo: 'Run FLUSH HOSTS on the server, then try again.' },
  no_password: {
    short: 'the account has no password, or another one',
    todo: 'Enter the URL of an account that uses mysql_native_password.',
  },
  certificate_needed: {
    short: 'the account requires a client certificate',
    todo: 'Rekey has none: let the account require only TLS (REQUIRE SSL), or use another account.',
  },
  account_not_loaded: {
    short: 'the table of accounts lists one that the server has not loaded',
    todo: 'Drop the account, or have the server load it (FLUSH PRIVILEGES; accounts of host names need skip_name_resolve off), then try again.',
  },
  own_change_unsafe: {
    short: 'a change by the account itself would replace another password',
    todo: 'Add a rotator login under Settings, then try again.',
  },
  replicas_need_rotator: {
    short: 'a change by the account itself can stop a replica',
    todo: 'Add a rotator login under Settings: it changes accounts in a way that a replica without them skips.',
  },
  pooler_failed: { short: 'the pooler could not reach or log in to the server', todo: 'Read the pooler’s log, then try again.' },
  wrong_identity: { short: 'the login was accepted for another role', todo: 'Check which role the server maps this user to, then try again.' },
  not_permitted: { short: 'the login may not change this password', todo: 'Add a rotator login under Settings, or allow the role to change its own password.' },
  read_only: { short: 'the server is read-only', todo: 'Give the host of the primary under Settings, then try again.' },
  tls_needed: { short: 'this login requires TLS', todo: 'Give a URL with TLS under Settings.' },
  password_expired: {
    short: 'the password has expired',
    todo: 'Set the account to PASSWORD EXPIRE NEVER, or change the password on the server, then try again.',
  },
  plugin_unsupported: {
    short: 'an account of this role does not log in by a password that can be set',
    todo: 'Let every account of the role use mysql_native_password (on MySQL also caching_sha2_password), or drop those that do not, then try again.',
  },
  accounts_differ: {
    short: 'the accounts of this role on different hosts have different passwords',
    todo: 'Give them the same password, or drop those that nobody uses, then try again.',
  },
  verifier_refused: {
    short: 'the server accepts no hash of a password',
    todo: 'Let the server accept hashes (credcheck.encrypted_password_allowed = on), or allow plaintext for this login (sends_plaintext in the API), then try again.',
  },
  overlap_unsupported: {
    short: 'the login cannot make that many passwords valid at once',
    todo: 'Add a rotator login under Settings, or let the old password end at once.',
  },
  lock_busy: {
    short: 'the wait for the lock on the role timed out',
    todo: 'End the session that is changing the role or locks the server, or wait for it, then try again.',
  },
  verifier_malformed: { short: 'the verifier is malformed', todo: 'This is a bug in Rekey. Please report it with the job id.' },
  iterations_too_high: {
    short: 'the server asks for more than 1,000,000 SCRAM iterations',
    todo: 'Lower scram_iterations (ALTER SYSTEM, or ALTER ROLE where it is set for the role), then try again.',
  },
  direct_is_pooler: {
    short: 'the direct address is a pooler or proxy',
    todo: 'Enter the database server’s own address under Settings, and the pooler’s as the pooled URL.',
  },
  catalog_denied: {
    short: 'the login may not read the catalogs that Rekey needs',
    todo: 'Grant SELECT on pg_roles and pg_stat_activity, and EXECUTE on the functions of pg_catalog, to every login that Rekey uses, then try again.',
  },
  sessions_denied: {
    short: 'the login may not end sessions',
    todo: 'Run GRANT EXECUTE ON FUNCTION pg_catalog.pg_terminate_backend for the role, or end the sessions as a superuser.',
  },
  server_too_old: { short: 'the server is older than PostgreSQL 13', todo: 'Upgrade the server; PostgreSQL 12 and older are out of support.' },
  session_refused: {
    short: 'the server ended the session after the login',
    todo: 'Read the server’s log: fix the login event trigger or preloaded library, or exempt the role, then try again.',
  },
  standby_missing: {
    short: 'an earlier change waits for a synchronous standby',
    todo: 'Start the standby, or remove it from synchronous_standby_names and reload, then try again.',
  },
  pooler_unverifiable: {
    short: 'the pooler accepts any password',
    todo: 'Set auth_type = scram-sha-256 in pgbouncer.ini, or remove the pooled URL under Settings.',
  },
  rejection_unclear: {
    short: 'the server does not clearly reject a wrong password',
    todo: 'Enter the database server’s own address under Settings, and see its log for what it answered.',
  },
  pooler_rejection_unclear: {
    short: 'the pooler does not clearly reject a wrong password',
    todo: 'See the pooler’s log for what it answered, or remove the pooled URL under Settings.',
  },
  rejection_slow: {
    short: 'the server takes too long to reject a wrong password',
    todo: 'Set auth_delay.milliseconds below 3000 at the server, then try again.',
  },
  clock_missing: { short: 'the server did not report its time', todo: 'See the server’s log for what it answered.' },
  current_password_refused: {
    short: 'the server rejects the stored password',
    todo: 'It was changed elsewhere, Rekey’s store was restored from an older backup, or the role is gone or has expired. Enter the current URL under Settings; if the password is lost, set one on the server first.',
  },
  rotator_refused: { short: 'the server rejects the rotator', todo: 'Enter its current URL under Settings, then try again.' },
  pooler_refused_current: {
    short: 'the pooler rejects the stored password',
    todo: 'Fix the pooler, or remove the pooled URL under Settings, then try again.',
  },
  pooler_refused_new: {
    short: 'the pooler rejects the new password',
    todo: 'If the pooler reads passwords from a file (auth_file), let it query the database instead (auth_query), then try again.',
  },
  new_password_refused: { short: 'the server rejects the new password', todo: 'Look for a hook or a password check on the server, then try again.' },
  old_password_accepted: { short: 'the old password is still accepted', todo: 'Look for trust or another login method in pg_hba.conf, then try again.' },
  kept_password_refused: {
    short: 'the old password, which was to stay valid, is rejected',
    todo: 'Deploy everything that still runs with it, or find out who changed the account.',
  },
  server_unproven: {
    short: 'the server did not ask for the password',
    todo: 'Turn TLS on, or require scram-sha-256 instead of trust in pg_hba.conf, then try again. If the server did ask before, find out what answers at this address.',
  },
  target_unverifiable: {
    short: 'the server accepts any password',
    todo: 'Require scram-sha-256 instead of trust in pg_hba.conf. Until then no rotation can be verified here.',
  },
  both_refused: {
    short: 'the server rejects both passwords',
    todo: 'Someone else changed it. Set a password on the server and enter the URL under Settings.',
  },
  wp_config_missing: { short: 'the site’s file does not exist', todo: 'Restore the file or give the site its current path, then try again.' },
  wp_config_not_a_file: { short: 'the path of the site’s file is a link or a folder', todo: 'Enter the path of the file itself, then try again.' },
  wp_config_too_large: { short: 'the site’s file is larger than 1 MB', todo: 'Enter the path of the file that the site reads, then try again.' },
  wp_config_read_only: { short: 'Rekey may not write the site’s file', todo: 'Give the worker write access to the file, then try again.' },
  wp_config_read_only_disk: { short: 'the site’s file is on a read-only file system', todo: 'Mount it with write access, then try again.' },
  wp_config_immutable: { short: 'the site’s file is immutable', todo: 'Clear its attributes with chattr -i -a, then try again.' },
  wp_config_disk_full: { short: 'the disk of the site’s file is full', todo: 'Free some space, then try again.' },
  wp_config_quota: { short: 'the disk quota of the site’s file is used up', todo: 'Raise the quota or free some space, then try again.' },
  wp_config_busy: { short: 'the site’s file is in use', todo: 'Stop the program that uses it, then try again.' },
  wp_config_disk_error: { short: 'the disk of the site’s file reports errors', todo: 'Check the disk, then try again.' },
  wp_config_unparsable: { short: 'the site’s file is not valid PHP', todo: 'Fix the file, then try again.' },
  wp_config_no_define: { short: 'the site’s file does not define DB_PASSWORD', todo: 'Add the line, then try again.' },
  wp_config_no_variable: { short: 'the .env file does not set DB_PASSWORD', todo: 'Add the line, then try again.' },
  wp_config_two_defines: { short: 'the site’s file defines DB_PASSWORD more than once', todo: 'Keep only one of the lines, then try again.' },
  wp_config_conditional: { short: 'DB_PASSWORD is defined where it does not always run', todo: 'Define it once, outside of any condition, then try again.' },
  wp_config_defined_elsewhere: {
    short: 'another file that is loaded first sets DB_PASSWORD',
    todo: 'Enter the path of that file under Edit site, then try again.',
  },
  wp_config_unproven: {
    short: 'Rekey cannot prove that the DB_PASSWORD in the site’s file takes effect',
    todo: 'Move the definition above the code before it, or remove the path and add a manual consumer.',
  },
  wp_config_environment: {
    short: 'the site’s file takes DB_PASSWORD from an environment variable',
    todo: 'Enter the path of the .env file that sets it, or remove the path and add a manual consumer.',
  },
  wp_config_bedrock: { short: 'the site reads its password from a .env file', todo: 'Enter the path of the .env file under Edit site, then try again.' },
  wp_config_url_counts: {
    short: 'the .env file sets a URL that overrides DB_PASSWORD',
    todo: 'Remove the URL, or remove the path and add a manual consumer.',
  },
  wp_config_cached: {
    short: 'the application loads a compiled copy of its configuration instead of the .env file',
    todo: 'Clear that copy (Laravel: php artisan config:clear), or remove the path and add a manual consumer.',
  },
  wp_config_other_application: { short: 'the file is neither a wp-config.php nor a file named .env', todo: 'Remove the path and add a manual consumer.' },
  wp_config_not_plain: { short: 'the DB_PASSWORD of the site’s file is not a plain string', todo: 'Write the password in quotes there, then try again.' },
  wp_config_other_password: {
    short: 'the site’s file holds a password of another login',
    todo: 'Check the path, or write the current password there once, then try again.',
  },
  wp_config_changed: { short: 'the site’s file changed at the same moment', todo: 'Try again.' },
  canceled: { short: 'a member canceled it before anything was sent', todo: 'Nothing: the password is unchanged. Rotate again at any time.' },
  superseded: { short: 'another password was entered before the rotation was settled', todo: 'Nothing: a separate job checks the password that was entered.' },
  secret_unreadable: { short: 'a stored password cannot be decrypted', todo: 'Enter the current URL under Settings.' },
  key_unavailable: { short: 'the encryption key’s service did not answer', todo: 'Check that Vault is unsealed and accepts the token, then try again.' },
  unforeseen: { short: 'there was an internal error', todo: 'Read the worker’s log, and please report the error it names.' },
  deadline_passed: { short: 'it exceeded its time limit', todo: 'See the timeline for where it waited, then try again.' },
};

/** Where MariaDB and MySQL have other words, or another fix. */
const MYSQL_ADVICE: Record<string, FailureAdvice> = {
  server_full: {
    short: 'the server or the account accepts no more connections',
    todo: 'Close connections, or raise max_connections or MAX_USER_CONNECTIONS of the account, then try again.',
  },
  cleartext_refused: {
    short: 'the server asked for the password in clear text',
    todo: 'Let the account use mysql_native_password (on MySQL also caching_sha2_password over TLS), then try again.',
  },
  auth_method_unsupported: {
    short: 'the account uses an authentication plugin that Rekey does not support',
    todo: 'Let the account use mysql_native_password (on MySQL also caching_sha2_password), then try again.',
  },
  database_missing: {
    short: 'there is no such database on the server, or the account has no rights on it',
    todo: 'Create the database, grant the account rights on it, or enter another URL under Settings.',
  },
  role_missing: { short: 'there is no such account on the server', todo: 'Create the account, or enter another URL under Settings.' },
  login_not_allowed: {
    short: 'the server accepts no connections from this address',
    todo: 'Create an account of this user for the worker’s address, then try again.',
  },
  pooler_failed: { short: 'the proxy could not reach or log in to the server', todo: 'Read the proxy’s log, then try again.' },
  session_refused: { short: 'the server ends every session of the account at once', todo: 'Fix init_connect on the server, then try again.' },
  not_permitted: {
    short: 'the login may not change this password',
    todo: 'Add a rotator login under Settings, or grant the rotator CREATE USER and SELECT on the table of accounts.',
  },
  lock_busy: {
    short: 'the wait for the lock on the account timed out',
    todo: 'End the session that changes the account or locks the server, or wait for it, then try again.',
  },
  verifier_refused: {
    short: 'the server accepts no hash of a password',
    todo: 'Turn strict_password_validation off on the server, then try again: Rekey sends hashes only.',
  },
  pooler_refused_current: {
    short: 'the proxy rejected the stored password',
    todo: 'Fix the proxy’s own copy of it (ProxySQL: mysql_users), or remove the pooled URL under Settings, then try again.',
  },
  pooler_refused_new: {
    short: 'the proxy rejected the new password',
    todo: 'The proxy keeps its own copy (ProxySQL: mysql_users). Let it copy the hash from the server, or remove the pooled URL under Settings, rotate with grace_hours, and update the proxy meanwhile.',
  },
  pooler_unverifiable: { short: 'the proxy accepts any password', todo: 'Let the proxy check passwords, or remove the pooled URL under Settings.' },
  rejection_slow: {
    short: 'the server takes too long to reject a wrong password',
    todo: 'Look for a plugin that delays failed logins, or for what is between Rekey and the server, then try again.',
  },
  old_password_accepted: { short: 'the old password is still accepted', todo: 'Look for another account of the user on the server, then try again.' },
  server_unproven: {
    short: 'the server did not ask for the password',
    todo: 'Turn TLS on at the server, then try again. If the server did ask before, find out what answers at this address.',
  },
  target_unverifiable: {
    short: 'the server accepts any password',
    todo: 'Start the server with its grant tables (without skip_grant_tables). Until then no rotation can be verified here.',
  },
};

const UNKNOWN: FailureAdvice = { short: 'the server answered in an unexpected way', todo: 'Read the server’s log, then try again.' };

const BY_ENGINE: Record<string, Record<string, FailureAdvice>> = { mysql: MYSQL_ADVICE };

/** What a failure is called and what to do, in the words of the engine where it is known. */
export const failureAdvice = (code: string | null, engine?: string | null): FailureAdvice =>
  code === null ? UNKNOWN : (BY_ENGINE[engine ?? '']?.[code] ?? ADVICE[code] ?? UNKNOWN);
