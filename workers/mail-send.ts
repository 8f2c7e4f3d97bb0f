import { describeError, log } from '#lib/kernel/log.ts';
import { formMails } from '#lib/notifications/form-mails.ts';
import { sendDueMails } from '#lib/notifications/send-due-mails.ts';
import type { Dispatch } from './handlers.ts';

/** Puts due notices into mails and sends those that are due, beside everything else: a mail server that is slow holds up nothing. */
export function sendMails({ lanes, workerId }: Dispatch): void {
  lanes.run('mails', 'mails', async () => {
    try {
      await formMails();
      while (!lanes.isDraining && (await sendDueMails(workerId)) > 0);
    } catch (error) {
      log.error({ error: describeError(error) }, 'mails were not sent');
    }
  });
}
