import type { Prisma } from '#generated/prisma/client.ts';
import { type ProofWire, type RotationWire, rotation } from '#lib/contract/job.ts';
import type { Endpoint, Probe } from '#lib/engines/engine.ts';

type Proofs = RotationWire['proofs'];
/** Which password a login was tried with: the new, the old, or a random wrong one. */
type Password = keyof Proofs;

/** The content of the column; empty if it has another form, which must not keep a rotation from ending. */
export const parseProofs = (json: Prisma.JsonValue): Proofs => rotation.shape.proofs.safeParse(json).data ?? {};

/** The proof that an earlier attempt at the same rotation has seen a password rejected at an endpoint; null if there is none. */
export function seenRejection({ row }: { row: { proofs: Prisma.JsonValue } }, password: Password, endpoint: Endpoint): Probe | null {
  const proof = parseProofs(row.proofs)[password]?.[endpoint];
  return proof?.verdict === 'refused'
    ? { verdict: 'refused', at: new Date(proof.at), durationMs: proof.duration_ms, ...(proof.by !== 'login' && { by: proof.by }) }
    : null;
}

/** How each proof of a rotation was made, for its audit event. */
export const provenBy = ({ row }: { row: { proofs: Prisma.JsonValue } }): Prisma.InputJsonObject => {
  const byOf = (one: Partial<Record<Endpoint, ProofWire>>) => Object.fromEntries(Object.entries(one).map(([endpoint, { by }]) => [endpoint, by]));
  return Object.fromEntries(Object.entries(parseProofs(row.proofs)).map(([password, one]) => [password, byOf(one)]));
};

/** Records a proof in memory, in place of an earlier one of the same login: the next write of the rotation's row stores it. */
export function keepProof({ row }: { row: { proofs: Prisma.JsonValue } }, password: Password, endpoint: Endpoint, probe: Probe): void {
  const proofs = parseProofs(row.proofs);
  const proof: ProofWire = {
    verdict: probe.verdict,
    at: probe.at.toISOString(),
    duration_ms: probe.durationMs,
    by: probe.verdict === 'refused' && probe.by ? probe.by : 'login',
    ...(probe.verdict === 'unknown' && { failure: probe.failure }),
  };
  row.proofs = { ...proofs, [password]: { ...proofs[password], [endpoint]: proof } } as Prisma.JsonObject;
}
