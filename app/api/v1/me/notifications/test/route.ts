import { defineRoute } from '#lib/http/define-route.ts';
import { testMail } from '#lib/http/wire/notification.ts';
import { sendTestMail } from '#lib/notifications/send-test-mail.ts';

export const POST = defineRoute({ access: 'mail.test', answer: testMail, handle: (context) => sendTestMail(context) });

export * from '#lib/http/other-methods.ts';
