import { describe, expect, it } from 'vitest';
import { keepProof, parseProofs } from './proofs.ts';

const at = new Date('2026-01-02T03:04:05Z');
const accepted = { verdict: 'accepted', at, durationMs: 12, after: 'server_full' } as const;
const refused = { verdict: 'refused', at, durationMs: 3 } as const;
const unknown = { verdict: 'unknown', at, durationMs: 8000, failure: 'timed_out' } as const;

describe('proofs', () => {
  it('keep the last result of each login', () => {
    const of = { row: { proofs: {} } };
    keepProof(of, 'old', 'direct', accepted);
    keepProof(of, 'old', 'pooled', unknown);
    keepProof(of, 'old', 'direct', refused);
    keepProof(of, 'new', 'direct', accepted);
    const time = { at: at.toISOString(), by: 'login' };
    expect(of.row.proofs).toEqual({
      old: { direct: { verdict: 'refused', duration_ms: 3, ...time }, pooled: { verdict: 'unknown', duration_ms: 8000, failure: 'timed_out', ...time } },
      new: { direct: { verdict: 'accepted', duration_ms: 12, ...time } },
    });
  });

  it('survive the way through the column', () => {
    const of = { row: { proofs: {} } };
    keepProof(of, 'new', 'pooled', unknown);
    expect(parseProofs(JSON.parse(JSON.stringify(of.row.proofs)))).toEqual(of.row.proofs);
    expect(parseProofs({})).toEqual({});
  });

  it.each(['text', [], { new: { direct: { verdict: 'maybe', at: at.toISOString(), duration_ms: 1 } } }])(
    'are none where the column holds something else: %j',
    (json) => {
      expect(parseProofs(json)).toEqual({});
    },
  );
});
