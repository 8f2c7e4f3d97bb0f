import { testMail } from '#lib/contract/notification.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { sendTestMail } from '#lib/notifications/send-test-mail.ts';

export const POST = defineRoute({ access: 'mail.test', answer: testMail, handle: (context) => sendTestMail(context) });

export * from '#lib/http/other-methods.ts';
