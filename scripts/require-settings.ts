// Imported before what needs settings: where some are missing or wrong, one line for each and no stack.
try {
  await import('#lib/kernel/env.ts');
  const { keyRing } = await import('#lib/crypto/key-ring.ts');
  keyRing();
} catch (error) {
  const { message } = error as Error;
  console.error(message.startsWith('Rekey cannot start') ? message : `Rekey cannot start: ${message}`);
  process.exit(1);
}
