import type { Secret } from '#lib/crypto/secret.ts';

/** A value as GitHub takes it: a libsodium sealed box, in base64, that only the holder of the key's other half opens. */
export async function sealValue(value: Secret, publicKey: string): Promise<string> {
  // Loaded where it is needed: it takes 20 MB, and most processes never seal anything.
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  return Buffer.from(sodium.crypto_box_seal(value.reveal(), Buffer.from(publicKey, 'base64'))).toString('base64');
}
