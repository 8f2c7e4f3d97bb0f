import { keyRotationAnswer, rotateKeysBody } from '#lib/contract/encryption.ts';
import { requestKeyRotation } from '#lib/encryption/request-key-rotation.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const POST = defineRoute({
  access: 'encryption.rotate',
  body: rotateKeysBody,
  answer: keyRotationAnswer,
  status: 202,
  handle: async (context) => ({ rotation: await requestKeyRotation(context) }),
});

export * from '#lib/http/other-methods.ts';
