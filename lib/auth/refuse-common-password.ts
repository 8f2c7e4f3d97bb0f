import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { invalidField } from '#lib/kernel/errors.ts';

/** Of a longer password the rest is not looked at: estimating takes longer than linear time. */
const LOOKED_AT = 64;
/** zxcvbn's scale from 0 to 4: below 3 fewer than 10^8 guesses find it. */
const LEAST_SCORE = 3;

let loading: Promise<ZxcvbnFactory> | undefined;

/** The lists take memory and a moment to unpack, and are needed seldom. */
async function load(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common')]);
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: LOOKED_AT });
}

/** Whether a password is among the first to be guessed: one of 40,000 common ones, close to one, made of keys in a row, or of what is `known` of its owner. */
export async function isCommonPassword(password: string, known: readonly string[]): Promise<boolean> {
  loading ??= load();
  const parts = known.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]).filter((text) => text.length > 2);
  return (await loading).check(password, ['rekey', ...parts]).score < LEAST_SCORE;
}

/** Throws validation_failed for a new password that `isCommonPassword`, by the field it was given in. */
export async function refuseCommonPassword(field: string, password: string, known: readonly string[]): Promise<void> {
  if (await isCommonPassword(password, known)) throw invalidField(field, 'This password is easy to guess. Choose another, such as four unrelated words.');
}
