import { describe, expect, it } from 'vitest';
import { failureAdvice } from '#components/rotation/failure-advice.ts';
import { ENGINE_FAILURES, type EngineName } from '#lib/engines/engine.ts';
import { ROTATION_FAILURES, type RotationFailure } from '#lib/logins/failure-codes.ts';
import { failureText } from '#lib/logins/failures.ts';
import { namesOfAbsent } from './absent-names.ts';

const CODES = [...Object.keys(ENGINE_FAILURES), ...Object.keys(ROTATION_FAILURES)] as RotationFailure[];
/** What only the other engine answers, or is only asked of it. */
const NEVER: Record<EngineName, RegExp> = {
  postgresql:
    /^(account_|hourly_|accounts_|host_blocked|no_password|certificate_needed|plugin_unsupported|own_change_unsafe|replicas_need|password_expired|tls_needed|server_key_unknown)/,
  mysql: /^(server_too_old|standby_missing|iterations_too_high|scram_|md5_refused|direct_is_pooler|clock_missing|catalog_denied|sessions_denied)/,
};

describe.each(['postgresql', 'mysql'] as const)('what is said of a failure on %s', (engine) => {
  it.each(CODES.filter((code) => !NEVER[engine].test(code)))('%s names nothing that is not there', (code) => {
    const around = { engine, hasPooler: /pooler/.test(code), hasRotator: /^(?:rotator|not_permitted)/.test(code), hasFile: code.startsWith('wp_config') };
    const { short, todo } = failureAdvice(code, engine);
    expect([failureText(code, { engine }), short, todo].flatMap((text) => namesOfAbsent(text, around).map((name) => `${name}: ${text}`))).toEqual([]);
  });
});

it.each([
  ['Ask for scram-sha-256 in pg_hba.conf.', { engine: 'mysql' }, true],
  ['Let ProxySQL copy it.', { hasPooler: true }, true],
  ['The pooler rejected it.', {}, true],
  ['The pooler rejected it.', { hasPooler: true }, false],
  ['The server rejected the rotator.', {}, true],
  ['Add a rotator login under Settings.', {}, false],
  ['Give the path of the .env file.', {}, true],
] as const)('“%s” with %j names what is absent: %s', (text, around, names) => {
  expect(namesOfAbsent(text, { engine: 'postgresql', hasPooler: false, hasRotator: false, hasFile: false, ...around }).length > 0).toBe(names);
});
