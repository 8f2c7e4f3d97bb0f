/** What members are notified of by e-mail. */
export const NOTICE_KINDS = ['rotation_failed', 'window_missed', 'overdue_soon', 'campaign_stopped', 'drift'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];
