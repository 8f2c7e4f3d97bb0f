import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { findSecrets, readCommandLines, readEnvironments } from './canary.ts';

const SECRET = 'p%40ss w:/?#[]@"\'\\wörd-7';
const PLAIN = 'Zx81Q-kbW0_tH3nJ5vRrLm2YpA9cDf6g';

const found = (secret: string, text: string) => findSecrets({ password: secret }, [{ name: 'log', text }]).map(({ form }) => form);
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a planted secret is found', () => {
  it.each<[string, (secret: string) => string]>([
    ['as it is', (secret) => `before ${secret} after`],
    ['in JSON', (secret) => JSON.stringify({ a: { password: secret } })],
    ['in SQL', (secret) => `ALTER ROLE app PASSWORD '${secret.replaceAll("'", "''")}'`],
    ['in a URL', (secret) => Object.assign(new URL('postgresql://app@host/db'), { password: secret }).href],
    ['percent-encoded', (secret) => `?password=${encodeURIComponent(secret)}&`],
    ['percent-encoded in lower case', (secret) => encodeURIComponent(secret).replaceAll(/%../g, (hex) => hex.toLowerCase())],
    ['in a form', (secret) => new URLSearchParams({ password: secret, next: 'more' }).toString()],
    ['percent-encoded whole', (secret) => [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).toUpperCase()}`).join('')],
    ['in base64', base64],
    ['in base64 after one byte', (secret) => base64(`x${secret} and more`)],
    ['in base64 after two bytes', (secret) => base64(`xx${secret} and more`)],
    ['in basic authentication', (secret) => `Authorization: Basic ${base64(`somebody:${secret}`)}`],
    ['in base64url', (secret) => Buffer.from(`{"password":"${secret}"}`).toString('base64url')],
    ['in hex', (secret) => `\\x${Buffer.from(`..${secret}..`).toString('hex')}`],
    ['in upper-case hex', (secret) => Buffer.from(secret).toString('hex').toUpperCase()],
  ])('%s', (_, write) => {
    for (const secret of [SECRET, PLAIN]) expect([secret, found(secret, write(secret)).length > 0]).toEqual([secret, true]);
  });

  it('in a command line and in an environment, also of a child of the process', async () => {
    const child = spawn('sh', ['-c', 'tail -f /dev/null & echo started; wait', PLAIN], {
      env: { ...process.env, CANARY: SECRET },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    await once(child.stdout, 'data');
    expect(findSecrets({ plain: PLAIN }, [readCommandLines()])).toMatchObject([{ secret: 'plain', place: 'command lines' }]);
    const environments = readEnvironments(child.pid ?? 0);
    process.kill(-(child.pid ?? 0));
    if (process.platform === 'linux') expect(new Set(findSecrets({ secret: SECRET }, environments).map(({ place }) => place)).size).toBe(2);
  });
});

describe('what is no secret is not found', () => {
  it('another text, another case, part of it', () => {
    const clean = [PLAIN.toLowerCase(), PLAIN.slice(1), [...PLAIN].reverse().join(''), base64(PLAIN.slice(0, 20)), 'nothing'];
    expect(found(PLAIN, clean.join('\n'))).toEqual([]);
  });

  it('and a short one is not looked for', () => {
    expect(() => findSecrets({ tiny: 'abc' }, [])).toThrow('too short to look for: tiny');
  });

  it('a finding does not repeat the secret', () => {
    const text = JSON.stringify(findSecrets({ password: PLAIN }, [{ name: 'log', text: `the password is ${PLAIN}` }]));
    expect(text).toContain('the password is ');
    expect(text).not.toContain(PLAIN);
  });
});
