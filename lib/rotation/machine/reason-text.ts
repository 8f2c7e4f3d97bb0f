/** Why a rotation was requested, for the audit log: the reason and the note. Undefined if there is neither. */
export const reasonText = ({ reason, note }: { reason?: string | null | undefined; note?: string | null | undefined }): string | undefined =>
  [reason, note].filter(Boolean).join(': ') || undefined;
