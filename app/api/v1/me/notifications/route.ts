import { notificationsAnswer, notificationsBody } from '#lib/contract/notification.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { changeNotifications, getNotifications } from '#lib/notifications/preferences.ts';

export const GET = defineRoute({
  access: 'self.read',
  answer: notificationsAnswer,
  handle: async (context) => ({ notifications: await getNotifications(context) }),
});

export const PUT = defineRoute({
  access: 'self.change',
  body: notificationsBody,
  answer: notificationsAnswer,
  handle: async (context, { body }) => ({ notifications: await changeNotifications(context, body) }),
});

export * from '#lib/http/other-methods.ts';
