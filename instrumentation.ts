/** Runs once in each web process, before it answers. */
export async function register(): Promise<void> {
  // Next puts these two in: the checks need a database, which a build has not.
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return;
  const { checkStart } = await import('#lib/set-up/check-start.ts');
  await checkStart();
  const { watchWebClock } = await import('#lib/queue/process-clocks.ts');
  await watchWebClock();
}
