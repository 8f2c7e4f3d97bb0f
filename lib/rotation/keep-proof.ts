import type { Endpoint, Probe } from '#lib/engines/engine.ts';
import type { Attempt } from './attempt.ts';
import { type Password, parseProofs, proofsJson, withProof } from './proofs.ts';

/** Keeps an answer in memory; the next write of the rotation's row stores it. */
export function keepProof({ row }: Attempt, password: Password, endpoint: Endpoint, probe: Probe): void {
  row.proofs = proofsJson(withProof(parseProofs(row.proofs), password, endpoint, probe));
}
