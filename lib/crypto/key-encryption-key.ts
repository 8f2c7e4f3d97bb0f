import { DomainError } from '#lib/kernel/errors.ts';

/**
 * What wraps the data key of each sealed value. A key-management service is one more file with this interface, named in
 * read-key-ring.ts.
 */
export interface KeyEncryptionKey {
  /** Names the key in each value that is sealed with it: letters, digits and `-`. It tells nothing of the key. */
  readonly id: string;
  /** Where it lies, for people. */
  readonly provider: 'local' | 'vault';
  /** Whether it unwraps what carries this id. */
  opens(id: string): boolean;
  /** Encrypts a data key, bound to `context`. Throws KeyUnavailableError where the service does not do it. */
  wrap(dataKey: Buffer, context: Buffer): Promise<Buffer>;
  /** The data key. Throws SealBrokenError where it is another key's or another context's, KeyUnavailableError as above. */
  unwrap(wrapped: Buffer, context: Buffer): Promise<Buffer>;
}

export interface KeyRing {
  /** The variable that gives the current key. */
  setting: string;
  /** Seals what is new. */
  current: KeyEncryptionKey;
  /** All that open, the current one first. */
  keys: KeyEncryptionKey[];
}

/** The service that holds the key does not answer now. What is sealed is unharmed; the sentence names the fix. */
export class KeyUnavailableError extends DomainError {
  constructor(sentence: string) {
    super('unavailable', sentence);
    this.name = 'KeyUnavailableError';
  }
}

/** Thrown where a sealed value does not open: another key, another place, or changed bytes. */
export class SealBrokenError extends Error {
  constructor() {
    super('A value cannot be decrypted: it was encrypted with another key or for another place, or it was changed.');
    this.name = 'SealBrokenError';
  }
}
