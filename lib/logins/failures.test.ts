import { describe, expect, it } from 'vitest';
import { failureAdvice } from '#components/rotation/failure-advice.ts';
import { SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import { ENGINE_FAILURES, EngineError, type EngineFailure } from '#lib/engines/engine.ts';
import { ROTATION_FAILURES, type RotationFailure } from './failure-codes.ts';
import { asStepFailure, failureText, StepFailure } from './failures.ts';

const CODES = [...Object.keys(ENGINE_FAILURES), ...Object.keys(ROTATION_FAILURES)] as RotationFailure[];
const unknown = failureAdvice(null);

describe('every reason', () => {
  it.each(CODES)('%s has a complete sentence', (code) => {
    const text = failureText(code);
    expect(text).toMatch(/^[A-Z].{15,}\.$/);
    // Neither a code of ours, nor a shout.
    expect(text).not.toMatch(/[a-z]+_[a-z]+_|!|undefined/);
  });

  it('has a text of its own', () => {
    expect(new Set(CODES.map((code) => failureText(code))).size).toBe(CODES.length);
    expect(Object.keys(ENGINE_FAILURES).filter((code) => code in ROTATION_FAILURES)).toEqual([]);
  });

  it.each(CODES.filter((code) => code !== 'unexpected'))('%s has advice on the screen', (code) => {
    expect(failureAdvice(code)).not.toEqual(unknown);
  });
});

describe('the failure in an error', () => {
  it("keeps an engine error's code", () => {
    const all = Object.keys(ENGINE_FAILURES) as EngineFailure[];
    for (const transient of [true, false])
      expect(all.map((code) => asStepFailure(new EngineError(code, transient)))).toMatchObject(all.map((code) => ({ code, transient })));
  });

  it('returns a step failure unchanged', () => {
    const failure = new StepFailure('both_refused', false);
    expect(asStepFailure(failure)).toBe(failure);
  });

  it('of a value that cannot be decrypted is not transient', () => {
    expect(asStepFailure(new SealBrokenError())).toMatchObject({ code: 'secret_unreadable', transient: false });
  });

  it.each([new Error('password "hunter2" is wrong'), new TypeError('x'), 'text', null, undefined])('of any unexpected error is null: %s', (error) => {
    expect(asStepFailure(error)).toBe(null);
  });
});
