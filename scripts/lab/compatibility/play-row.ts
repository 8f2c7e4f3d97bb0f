import { expect } from 'vitest';
import { db } from '#lib/db.ts';
import type { EngineName } from '#lib/engines/engine.ts';
import type { RightsWire } from '#lib/http/wire/project.ts';
import { failureText, type RotationFailure } from '#lib/rotation/failures.ts';
import { requestVerification } from '#lib/rotation/request-verification.ts';
import { verifyConnection } from '#lib/rotation/verify-connection.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { type DrivenRotation, rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';
import type { Row, Subject } from './row.ts';

/** Adopts and rotates what a row is about, and expects what the row says, and what every row promises. */
export async function playRow(row: Row): Promise<void> {
  const subject = await row.setUp();
  const { engine } = row;
  const adopted = await adopt({ engine, target: subject.target, login: subject.login, ...(subject.rotator && { rotator: subject.rotator }) });
  await db.database.update({ where: { id: adopted.databaseId }, data: { sendsPlaintext: subject.sendsPlaintext ?? false } });
  const before = await Promise.all([subject.held(), subject.heldOfOthers()]);
  const { jobId } = await requestVerification(adopted.context, adopted.projectId);
  await verifyConnection(jobId, 'wrk_compatibility');
  const job = await db.job.findUniqueOrThrow({ where: { id: jobId } });
  expect(await Promise.all([subject.held(), subject.heldOfOthers()]), 'what the server holds after the adoption').toEqual(before);
  const { rights } = await db.database.findUniqueOrThrow({ where: { id: adopted.databaseId } });
  const notes = (rights as RightsWire | null)?.notes ?? [];
  if (row.does === 'refuses at adoption') await expectRefusal({ code: row.code, engine }, subject, adopted, { error: job.error, notes });
  else {
    expect(job, 'the check at adoption').toMatchObject({ state: 'completed', error: null });
    expect(notes.find(({ tone }) => tone === 'danger')).toBeUndefined();
    const warnings = notes.filter(({ tone }) => tone === 'warn').map(({ text }) => text);
    if (row.does === 'rotates with a warning') expect(warnings).toContainEqual(expect.stringContaining(row.warning));
    if (row.does === 'rotates') expect(warnings).toEqual([]);
    const rotation = await rotate(adopted);
    if (row.does === 'puts the old password back') expectFailed(rotation, row.code);
    else expect(rotation).toMatchObject({ state: 'completed', errorCode: null, database: { state: 'ready', lastError: null } });
  }
  expect(await subject.heldOfOthers(), 'what the server holds of others').toBe(before[1]);
  if (row.does === 'refuses at adoption' || row.does === 'puts the old password back') expect(await subject.held()).toBe(before[0]);
  // A refused login may be one that never worked; what Rekey changed, or says works, has to.
  if (row.does !== 'refuses at adoption') await subject.logIn(await storedLogin(adopted));
  if (row.does === 'rotates' || row.does === 'rotates with a warning') await expect(subject.logIn(subject.login)).rejects.toThrow();
}

function expectFailed(rotation: DrivenRotation, code: string): void {
  expect(rotation).toMatchObject({ state: 'failed', errorCode: code, database: { state: 'ready' }, fromCredential: { state: 'current' } });
}

/** Adoption says that it will not work and why; a rotation asked for all the same fails by the same code. */
async function expectRefusal(
  { code, engine }: { code: RotationFailure; engine: EngineName },
  { login }: Subject,
  adopted: Adopted,
  { error, notes }: { error: string | null; notes: RightsWire['notes'] },
): Promise<void> {
  if (error === null) {
    expect(notes).toContainEqual(expect.objectContaining({ tone: 'danger', text: expect.stringMatching(/^Rotating will not work/) }));
    expectFailed(await rotate(adopted), code);
  } else expect(error).toBe(failureText(code, { engine }));
  expect(notes).not.toContainEqual(expect.objectContaining({ text: expect.stringMatching(/^Rotating works/) }));
  expect((await storedLogin(adopted)).password.reveal()).toBe(login.password.reveal());
}
