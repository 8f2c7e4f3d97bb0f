import { describe, expect, it } from 'vitest';
import type { EngineName, Inspection } from '#lib/engines/engine.ts';
import { noteRights } from './note-rights.ts';

const FOUND: Inspection = {
  serverVersion: '18.4',
  protection: { channel: 'plain', key: null, method: 'scram' },
  selfMayChange: true,
  rotatorMayChange: null,
  rotatorFailure: null,
  changeFailure: null,
  maySeeSessions: true,
  mayEndSessions: true,
  iterations: 4096,
  authenticationTimeoutSeconds: 60,
  validUntil: null,
  isReadOnly: false,
  verifier: 'SCRAM-SHA-256$4096:salt$stored:server',
  identity: '7',
};
const notes = (found: Partial<Inspection>, pooledPort: number | null = null, engine: EngineName = 'postgresql', isPoolerProven = false) =>
  noteRights(
    { ...FOUND, ...found },
    { roleName: 'app "1"', pooledPort, rotatorName: 'rotor', hasTwin: false, server: { engine }, isPoolerProven, sendsPlaintext: false },
  ).notes.map(({ tone, text }) => `${tone}: ${text}`);
const SESSIONS = 'ok: Open sessions can be seen and ended.';

describe('what a login may do', () => {
  it.each<[string, Partial<Inspection>, string]>([
    ['itself', {}, 'ok: Rotating works: app "1" may change its own password.'],
    ['nobody', { selfMayChange: false }, 'danger: Rotating will not work: app "1" may not change its own password. Add a rotator login under Settings.'],
    ['the rotator', { rotatorMayChange: true, selfMayChange: false }, 'ok: Rotating works: rotor may change the password of app "1".'],
    [
      'a rotator without the right, whatever the role itself may',
      { rotatorMayChange: false },
      'danger: Rotating will not work: the rotator rotor may not change this password. It needs CREATEROLE, and from PostgreSQL 16 on: GRANT "app ""1""" TO "rotor" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE.',
    ],
    [
      'a rotator that is refused',
      { rotatorMayChange: false, rotatorFailure: 'password_refused' },
      'danger: Rotating will not work: the server rejects the rotator rotor. Enter its current URL under Settings.',
    ],
    [
      'a rotator that cannot be asked',
      { rotatorMayChange: false, rotatorFailure: 'login_not_allowed' },
      'danger: Rotating will not work while the rotator rotor cannot log in. The role may not log in from here: NOLOGIN, a rule in pg_hba.conf (including one that requires TLS or forbids it), or a required client certificate.',
    ],
    [
      'a standby',
      { isReadOnly: true, rotatorMayChange: false, selfMayChange: false },
      'danger: Rotating will not work here: the server is read-only, or follows another one. Enter the address of the primary.',
    ],
  ])('changed by %s', (_, found, sentence) => {
    expect(notes(found)).toEqual([sentence, SESSIONS]);
  });

  it('says what can be done with sessions', () => {
    expect(notes({ mayEndSessions: false })).toContain('warn: Open sessions can be seen, not ended.');
    expect(notes({ maySeeSessions: false })).toContain('warn: Open sessions cannot be seen here.');
  });

  it('says what is not known about a pooler yet', () => {
    expect(notes({}, 6432)).toContainEqual(expect.stringMatching(/^warn: Only a rotation shows whether the pooler learns of a new password/));
    expect(notes({}, 6432, 'postgresql', true)).toHaveLength(2);
  });

  it('warns of a password stored as MD5', () => {
    expect(notes({ verifier: `md5${'0'.repeat(32)}` })).toContainEqual(expect.stringMatching(/^warn: The server stores this password as MD5/));
  });

  it('warns of more iterations than common drivers accept', () => {
    expect(notes({ iterations: 100_000 })).toHaveLength(2);
    expect(notes({ iterations: 100_001 })).toContainEqual(expect.stringMatching(/^warn: New passwords get 100,001 SCRAM iterations .*node-postgres/));
  });

  it('says why the server refuses the change, and how to allow it', () => {
    const [first] = notes({ selfMayChange: false, changeFailure: 'verifier_refused' });
    expect(first).toMatch(/^danger: Rotating will not work\. .*credcheck\.encrypted_password_allowed = on/);
  });

  it('shows when the role expires', () => {
    expect(notes({ validUntil: new Date('2099-01-01') })).toContain('warn: The role is valid until 2099-01-01T00:00:00.000Z; a rotation does not change that.');
  });
});

describe('what a login may do on MariaDB and MySQL', () => {
  it.each<[string, Partial<Inspection>, RegExp[]]>([
    [
      'MariaDB, itself',
      { serverVersion: '10.11.19-MariaDB' },
      [/^ok: Rotating works: app "1" may change its own password/, /^warn: Two passwords cannot be valid at once/],
    ],
    ['MariaDB, nobody', { serverVersion: '10.11.19-MariaDB', selfMayChange: false }, [/^danger: Rotating will not work/]],
    [
      'MariaDB, the rotator',
      { serverVersion: '10.11.19-MariaDB', rotatorMayChange: true },
      [/^ok: Rotating works: rotor/, /^ok: Two passwords can be valid at once/],
    ],
    ['MariaDB, a rotator without the right', { serverVersion: '10.11.19-MariaDB', rotatorMayChange: false }, [/GRANT SELECT ON mysql\.global_priv TO rotor/]],
    ['MySQL, itself', { serverVersion: '8.0.36', selfMayChange: false }, [/only in clear text/, /not been tested on a live server/]],
    ['MySQL, a rotator without the right', { serverVersion: '8.0.36', rotatorMayChange: false }, [/GRANT SELECT ON mysql\.user TO rotor/]],
  ])('%s', (_name, found, wanted) => {
    const all = notes(found, null, 'mysql').join('\n');
    for (const one of wanted) expect(all).toMatch(new RegExp(one.source, 'm'));
  });
});
