import { expect, test } from 'vitest';
import type { RotationWire } from '#lib/contract/job.ts';
import { type LoginWith, proofCell } from './proof-cell.ts';

const time = (second: number): string => `2026-11-21T14:02:${String(second).padStart(2, '0')}.000Z`;
const proof = (verdict: 'accepted' | 'refused' | 'unknown', second: number) => ({ verdict, at: time(second), duration_ms: 1, by: 'login' as const });
const base = { proofs: {}, steps: [], changed_at: time(11) } as unknown as RotationWire;
const cell = (state: RotationWire['state'], login: LoginWith, proofs: RotationWire['proofs'] = {}, endpoint: 'direct' | 'pooled' = 'direct') => {
  const { look, words, at } = proofCell({ ...base, state, proofs }, login, endpoint);
  return `${look} ${words}${at === null ? '' : ` ${at.slice(17, 19)}`}`;
};

test('before the change the old one is shown as accepted', () => {
  expect(cell('staged', 'old', { old: { direct: proof('accepted', 10) } })).toBe('ok accepted 10');
});

test('a login from before the change says nothing of the old one after it', () => {
  expect(cell('verifying', 'old', { old: { direct: proof('accepted', 10) } })).toBe('quiet not tried yet');
  expect(cell('needs_attention', 'old', { old: { direct: proof('accepted', 10) } })).toBe('unknown no answer');
  expect(cell('promoted', 'old', { old: { direct: proof('accepted', 10) } })).toBe('asking trying');
});

test('the old one still accepted after the change is bad, in a failed rotation good', () => {
  expect(cell('promoted', 'old', { old: { direct: proof('accepted', 12) } })).toBe('bad accepted 12');
  expect(cell('failed', 'old', { old: { direct: proof('accepted', 12) } })).toBe('ok accepted 12');
});

test('completed: all three as they should be', () => {
  expect(cell('completed', 'new', { new: { direct: proof('accepted', 12) } })).toBe('ok accepted 12');
  expect(cell('completed', 'old', { old: { direct: proof('refused', 12) } })).toBe('ok rejected 12');
  expect(cell('completed', 'wrong', { wrong: { direct: proof('refused', 9) } })).toBe('ok rejected 09');
});

test('a wrong password that is accepted is never good', () => {
  expect(cell('failed', 'wrong', { wrong: { direct: proof('accepted', 9) } })).toBe('bad accepted 09');
});

test('failed: what became of the new one', () => {
  expect(cell('failed', 'new')).toBe('quiet never sent');
  const undone = { ...base, state: 'failed', error_code: 'pooler_refused_new', steps: [{ kind: 'undone' }] } as unknown as RotationWire;
  expect(proofCell(undone, 'new', 'direct')).toMatchObject({ look: 'quiet', words: 'undone' });
  expect(proofCell(undone, 'new', 'pooled')).toMatchObject({ look: 'bad', words: 'rejected' });
  expect(cell('failed', 'new', { new: { direct: proof('accepted', 11) } })).toBe('quiet undone');
});

test('superseded: a login from before the change is no proof', () => {
  const rotation = { ...base, state: 'failed', error_code: 'superseded', proofs: { old: { direct: proof('accepted', 10) } } } as RotationWire;
  expect(proofCell(rotation, 'old', 'direct').look).not.toBe('ok');
  expect(proofCell(rotation, 'new', 'direct').look).toBe('unknown');
});

test('the pooler is asked after the direct login', () => {
  expect(cell('verifying', 'new')).toBe('asking trying');
  expect(cell('verifying', 'new', {}, 'pooled')).toBe('quiet not tried yet');
  expect(cell('verifying', 'new', { new: { direct: proof('accepted', 12) } }, 'pooled')).toBe('asking trying');
});

test('no answer is unknown, whoever was asked', () => {
  expect(cell('needs_attention', 'new', { new: { direct: proof('unknown', 12) } })).toBe('unknown no answer 12');
});
