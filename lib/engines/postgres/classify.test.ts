import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ENGINE_FAILURES, EngineError } from '#lib/engines/engine.ts';
import { engineError } from '#lib/engines/failure.ts';
import { classify } from './classify.ts';

const coded = (code: string, message = 'some text') => Object.assign(new Error(message), { code });

it.each([
  [coded('28P01'), 'password_refused', false],
  [coded('28000'), 'login_not_allowed', false],
  [coded('3D000'), 'database_missing', false],
  [coded('42501'), 'not_permitted', false],
  [coded('25006'), 'read_only', false],
  [coded('55P03'), 'lock_busy', true],
  [coded('XX000'), 'unexpected', false],
  [coded('53300'), 'server_full', true],
  [coded('53100'), 'unexpected', true],
  [coded('57P03'), 'server_starting', true],
  [coded('57P01'), 'connection_cut', true],
  [coded('57014'), 'timed_out', true],
  [coded('ENOTFOUND'), 'host_not_found', false],
  [coded('EAI_AGAIN'), 'host_not_found', true],
  [coded('ECONNREFUSED'), 'server_unreachable', true],
  [coded('ECONNRESET'), 'connection_cut', true],
  [new Error('Connection terminated unexpectedly'), 'connection_cut', true],
  [new Error('SASL: SCRAM-SERVER-FINAL-MESSAGE: server signature does not match'), 'unexpected', false],
  ['a string', 'unexpected', false],
  [undefined, 'unexpected', false],
] as const)('takes %s for %s', (error, code, transient) => {
  expect(classify(error)).toMatchObject({ code, transient });
});

it("treats a pooler's message as a rejection only from a pooler, and only these messages", () => {
  const refusal = coded('08P01', 'SASL authentication failed');
  expect(classify(refusal, 'pooled').code).toBe('password_refused');
  expect(classify(refusal, 'direct').code).toBe('direct_is_pooler');
  expect(classify(coded('08P01', 'server login failed: FATAL SASL authentication failed'), 'pooled').code).toBe('pooler_failed');
  expect(classify(coded('08P01', 'no more connections allowed (max_client_conn)'), 'pooled').code).toBe('server_full');
});

it('leaves nothing of the original but our own constants', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 12 }), fc.constantFrom('direct', 'pooled'), (code, secret, endpoint) => {
      const error = classify(Object.assign(coded(code, secret), { detail: secret, query: secret, cause: secret }), endpoint);
      expect(error.message).toBe(ENGINE_FAILURES[error.code]);
      expect(Object.keys(error).toSorted()).toEqual(['code', 'name', 'otherKey', 'transient']);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
    }),
  );
});

it('keeps an error that is already ours', () => {
  const ours = engineError('lock_busy');
  expect(classify(ours)).toBe(ours);
  expect(ours).toBeInstanceOf(EngineError);
});

it('treats both messages of PgBouncer as a rejection, for any authentication method', () => {
  for (const words of ['SASL authentication failed', 'password authentication failed'])
    expect(classify(coded('08P01', words), 'pooled').code).toBe('password_refused');
});

it.each([
  ['login rejected', 'login_not_allowed'],
  ['certificate authentication failed', 'login_not_allowed'],
  ['unix socket login rejected', 'login_not_allowed'],
  ['SSL required', 'tls_needed'],
])('names the rule by which PgBouncer itself refuses a login: %s', (words, code) => {
  expect(classify(coded('08P01', words), 'pooled')).toMatchObject({ code, transient: false });
});

it('names TLS where a server demands a certificate after the handshake', () => {
  expect(classify(coded('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'pooled').code).toBe('tls_refused');
});

it('treats the messages of Pgpool-II as a rejection, but not those about the server behind it', () => {
  expect(classify(coded('XX000', 'authentication failed'), 'pooled').code).toBe('password_refused');
  expect(classify(coded('XX000', 'backend authentication failed'), 'pooled').code).toBe('pooler_failed');
});

it.each([
  // credcheck, and whoever follows it: a rule for passwords, not a login.
  [coded('28000', 'password type is not a plain text'), 'statement', 'verifier_refused'],
  [coded('28P01'), 'statement', 'verifier_refused'],
  [coded('22023', 'password is too short'), 'statement', 'verifier_refused'],
  [coded('P0001'), 'statement', 'verifier_refused'],
  [coded('28000'), 'login', 'login_not_allowed'],
  [coded('28000'), 'start', 'login_not_allowed'],
  // What a login event trigger raises.
  [coded('P0001'), 'start', 'session_refused'],
  [coded('58P01'), 'start', 'session_refused'],
  [coded('42704'), 'statement', 'role_missing'],
  [Object.assign(coded('XX000', 'Tupel gleichzeitig aktualisiert'), { routine: 'simple_heap_update' }), 'statement', 'lock_busy'],
  [coded('XX000'), 'statement', 'unexpected'],
] as const)('takes %s in the phase %s for %s', (error, phase, code) => {
  expect(classify(error, 'direct', phase).code).toBe(code);
});

it.each([coded('08P01', 'unsupported startup parameter: options'), coded('0A000', 'RDS Proxy currently doesn’t support command-line options.')])(
  'takes what only a pooler says at the direct address for one: %s',
  (error) => {
    expect(classify(error, 'direct').code).toBe('direct_is_pooler');
  },
);
