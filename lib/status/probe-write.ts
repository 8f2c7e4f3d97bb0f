import { randomBytes } from 'node:crypto';
import { db } from '#lib/kernel/db.ts';

/** So long one answer stands: whoever asks for the health many times a second costs the store no more. */
const STANDS_MS = 2_000;
const ANSWER_MS = 4_000;
/** Of the 8 KiB of a page: no page takes two, so each probe needs a new one. */
const FILLER = randomBytes(3_750).toString('hex');

class TakenBack extends Error {}

/** Adds a row and takes it back. An update would reuse its page, and find no full disk. */
async function addAndTakeBack(): Promise<void> {
  try {
    await db.$transaction(
      async (tx) => {
        await tx.$executeRaw`INSERT INTO write_probes (filler) VALUES (${FILLER})`;
        throw new TakenBack();
      },
      { maxWait: ANSWER_MS, timeout: ANSWER_MS },
    );
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
  }
}

let latest: { at: number; result: Promise<void> } | undefined;

/** Whether the store takes a write now, as it was within the last 2 s. Throws what the store says where it does not, or nothing within 4 s. */
export function probeWrite(): Promise<void> {
  if (!latest || performance.now() - latest.at > STANDS_MS) latest = { at: performance.now(), result: addAndTakeBack() };
  return latest.result;
}
