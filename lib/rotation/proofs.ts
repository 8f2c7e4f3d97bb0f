import { z } from 'zod';
import type { Prisma } from '#generated/prisma/client.ts';
import type { Endpoint, Probe } from '#lib/engines/engine.ts';
import { type ProofWire, proof } from '#lib/http/wire/job.ts';

const endpoints = z.object({ direct: proof.optional(), pooled: proof.optional() });
const proofsSchema = z.object({ new: endpoints.optional(), old: endpoints.optional(), wrong: endpoints.optional() });

export type Proofs = z.infer<typeof proofsSchema>;
/** Which password a login was tried with: the new, the old, or a random wrong one. */
export type Password = keyof Proofs;

/** What the column holds; nothing where it is of another form, which must not keep a rotation from its end. */
export const parseProofs = (json: Prisma.JsonValue): Proofs => proofsSchema.safeParse(json).data ?? {};

export const proofOf = (probe: Probe): ProofWire => ({
  verdict: probe.verdict,
  at: probe.at.toISOString(),
  duration_ms: probe.durationMs,
  ...(probe.verdict === 'unknown' && { failure: probe.failure }),
});

/** The proofs with one more answer in place of an earlier one of the same login. */
export const withProof = (proofs: Proofs, password: Password, endpoint: Endpoint, probe: Probe): Proofs => ({
  ...proofs,
  [password]: { ...proofs[password], [endpoint]: proofOf(probe) },
});

/** As the JSON column takes it. */
export const proofsJson = (proofs: Proofs): Prisma.JsonObject => JSON.parse(JSON.stringify(proofs)) as Prisma.JsonObject;
