import { advanceRotation } from '#lib/rotation/advance.ts';
import { type Asked, findJobRotation, isUnderWay } from './subject.ts';
import { until } from './until.ts';

/** Takes over from a dead worker in this process, which spares the start of another one. */
export async function recoverHere(all: Asked[]): Promise<void> {
  await Promise.all(
    all.map(async (asked) => {
      const { id } = await findJobRotation(asked);
      await until('the rotation to be taken over', async () => {
        await advanceRotation(id, 'wrk_torture');
        return !(await isUnderWay(asked));
      });
    }),
  );
}
