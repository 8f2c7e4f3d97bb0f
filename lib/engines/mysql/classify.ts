import { EngineError, type EngineFailure } from '#lib/engines/engine.ts';
import { classifyNetwork, codeOf, engineError, isTlsFailure } from '#lib/engines/failure.ts';

const NO_PASSWORD = 1698;

/** By the server's error number: the ones MariaDB and MySQL share, then each its own. */
const BY_NUMBER = new Map<number, EngineFailure>([
  [1045, 'password_refused'],
  [1044, 'database_missing'],
  [1049, 'database_missing'],
  [1040, 'server_full'],
  [1203, 'server_full'],
  [1226, 'server_full'],
  [1053, 'server_starting'],
  [1129, 'host_blocked'],
  [1130, 'login_not_allowed'],
  [1820, 'password_expired'],
  [1862, 'password_expired'],
  [1133, 'role_missing'],
  // The server knows no such account, whatever its table says.
  [1396, 'account_not_loaded'],
  [1205, 'lock_busy'],
  [1213, 'lock_busy'],
  [1131, 'not_permitted'],
  [1142, 'not_permitted'],
  [1227, 'not_permitted'],
  [1370, 'not_permitted'],
  [1836, 'read_only'],
  [1819, 'verifier_refused'],
  [1317, 'timed_out'],
  // Rejected, and the last method tried asks for no password, such as unix_socket.
  [NO_PASSWORD, 'password_refused'],
  [3159, 'tls_needed'],
  [1184, 'session_refused'],
  [1251, 'auth_method_unsupported'],
  [1524, 'auth_method_unsupported'],
  [1969, 'lock_busy'],
  [1927, 'connection_cut'],
  [4150, 'account_blocked'],
  [4151, 'account_locked'],
  [3118, 'account_locked'],
]);

/** By mysql2's own codes; tested against the pinned version. */
const BY_CODE = new Map<string, EngineFailure>([
  ['PROTOCOL_CONNECTION_LOST', 'connection_cut'],
  ['MYSQL_CLEAR_PASSWORD_NOT_ENABLED', 'cleartext_refused'],
  ['HANDSHAKE_NO_SSL_SUPPORT', 'tls_refused'],
  ['HANDSHAKE_SSL_ERROR', 'tls_untrusted'],
  ['AUTH_SWITCH_PLUGIN_ERROR', 'auth_method_unsupported'],
]);

/** Found after the password was found right. 3118 (MySQL) is not among them: nobody has tried. */
const AFTER_PASSWORD: ReadonlySet<number> = new Set([1044, 1049, 1203, 1226, 1820, 1862, 4151]);

/** Whether an error of a login says that its password was right. */
export const provesPassword = (error: unknown): boolean => AFTER_PASSWORD.has(codeOf(error).errno);

/** Whether a login was rejected by a method that asks for no password. */
export const isWithoutPassword = (error: unknown): boolean => codeOf(error).errno === NO_PASSWORD;

/** One of our constants for an error of the driver, the server or the network. The original is dropped: it may carry anything. */
export function classify(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const { code, errno, message } = codeOf(error);
  const network = classifyNetwork({ code });
  if (network) return network;
  // Two reasons with one number; the server names the option.
  if (errno === 1290) return engineError(message.includes('strict-password-validation') ? 'verifier_refused' : 'read_only');
  if (isTlsFailure({ code, message })) return engineError('tls_refused');
  if (code === 'HANDSHAKE_SSL_ERROR' && message.startsWith('Client network socket disconnected')) return engineError('connection_cut');
  const known = BY_NUMBER.get(errno) ?? BY_CODE.get(code);
  if (known) return engineError(known);
  return engineError(message.startsWith("Can't add new command when connection is in closed state") ? 'connection_cut' : 'unexpected');
}
