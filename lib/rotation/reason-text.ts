/** Why a rotation was asked for, as the audit log tells it: the reason, and what the person wrote. Undefined where nothing was said. */
export const reasonText = ({ reason, note }: { reason?: string | null | undefined; note?: string | null | undefined }): string | undefined =>
  [reason, note].filter(Boolean).join(': ') || undefined;
