import { encryptionKeys } from '#lib/contract/encryption.ts';
import { showKeys } from '#lib/encryption/show-keys.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const GET = defineRoute({
  access: 'encryption.read',
  answer: encryptionKeys,
  handle: (context) => showKeys(context),
});

export * from '#lib/http/other-methods.ts';
