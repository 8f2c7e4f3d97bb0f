// Imported before what needs settings: where some are missing or wrong, one line for each and no stack.
try {
  await import('#lib/env.ts');
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
