import { runImport } from '#lib/imports/run-import.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import type { Message } from '#lib/queue/jobs.ts';
import type { Dispatch } from './handlers.ts';

/** `import.run`: adopts the rows of an import, until this worker stops. */
export function runImportJob({ importId }: Message<'import.run'>, { lanes, workerId }: Dispatch): void {
  lanes.run('imports', importId, async () => {
    try {
      while ((await runImport(importId, workerId)) && !lanes.isDraining);
    } catch (error) {
      log.error({ import: importId, error: describeError(error) }, 'import failed');
    }
  });
}
