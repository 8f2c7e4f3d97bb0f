import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { invalidField } from '#lib/kernel/errors.ts';

/** Only this many characters are examined, since estimating takes more than linear time. */
const LOOKED_AT = 64;
/** zxcvbn's scale from 0 to 4: below 3 fewer than 10^8 guesses find it. */
const LEAST_SCORE = 3;

let loading: Promise<ZxcvbnFactory> | undefined;

/** Loaded on first use: the lists take memory and time to unpack, and are rarely needed. */
async function load(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common')]);
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: LOOKED_AT });
}

/** Returns whether a password is easy to guess: one of 40,000 common ones or close to one, a row of keys, or built from the `known` texts about its owner. */
export async function isCommonPassword(password: string, known: readonly string[]): Promise<boolean> {
  loading ??= load();
  const parts = known.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]).filter((text) => text.length > 2);
  return (await loading).check(password, ['rekey', ...parts]).score < LEAST_SCORE;
}

/** Throws validation_failed, naming `field`, if a new password is common. */
export async function refuseCommonPassword(field: string, password: string, known: readonly string[]): Promise<void> {
  if (await isCommonPassword(password, known)) throw invalidField(field, 'This password is easy to guess. Choose another, such as four unrelated words.');
}
