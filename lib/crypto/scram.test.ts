import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isScramVerifier, makeScramVerifier } from './scram.ts';
import { Secret } from './secret.ts';

const xor = (a: Buffer, b: Buffer) => Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));

describe('makeScramVerifier', () => {
  it('gives the keys of the exchange in RFC 7677', async () => {
    const authMessage = [
      'n=user,r=rOprNGfwEbeRWgbNEkqO',
      'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
    ].join(',');
    const proof = Buffer.from('dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=', 'base64');
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');

    const verifier = await makeScramVerifier(new Secret('pencil'), 4096, salt);
    expect(verifier.startsWith('SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$')).toBe(true);
    const [storedKey, serverKey] = (verifier.split('$')[2] ?? '').split(':').map((key) => Buffer.from(key, 'base64'));
    if (!storedKey || !serverKey) throw new Error('no keys');

    expect(createHmac('sha256', serverKey).update(authMessage).digest('base64')).toBe('6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
    const clientKey = xor(proof, createHmac('sha256', storedKey).update(authMessage).digest());
    expect(createHash('sha256').update(clientKey).digest()).toEqual(storedKey);
  });

  it('honours the iterations, salts anew, and always has the expected form', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer({ min: 1, max: 50 }), async (text, iterations) => {
        const [one, two] = await Promise.all([makeScramVerifier(new Secret(text), iterations), makeScramVerifier(new Secret(text), iterations)]);
        expect(one).not.toBe(two);
        expect(one.startsWith(`SCRAM-SHA-256$${iterations}:`)).toBe(true);
        expect(isScramVerifier(one)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('normalises a password outside ASCII as the server does', async () => {
    const salt = Buffer.alloc(16, 7);
    const verifier = (text: string) => makeScramVerifier(new Secret(text), 1, salt);
    expect(await verifier('\u2168\u00a0x\u00ad')).toBe(await verifier('IX x'));
    expect(await verifier('a b')).not.toBe(await verifier('ab'));
  });
});

describe('isScramVerifier', () => {
  const good = 'SCRAM-SHA-256$4096:AAAAAAAAAAAAAAAAAAAAAA==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=';

  it('accepts a verifier', () => expect(isScramVerifier(good)).toBe(true));

  it.each([
    ['a plaintext', 'SCRAM-SHA-256'],
    ['no iterations', good.replace('4096', '')],
    ['zero iterations', good.replace('4096', '0')],
    ['an empty salt', good.replace('AAAAAAAAAAAAAAAAAAAAAA==', '')],
    ['a cut key', good.slice(0, -3)],
    ['one more character', `${good}x`],
    ['a trailing line break', `${good}\n`],
    ['a leading space', ` ${good}`],
    ['a quote', good.replace('WG5d', "WG'd")],
    ['another mechanism', good.replace('256', '512')],
    ['an md5 hash', 'md5a3556571e93b0d20722ba62be61e8c2d'],
    ['nothing', ''],
  ])('refuses %s', (_name, text) => expect(isScramVerifier(text)).toBe(false));
});
