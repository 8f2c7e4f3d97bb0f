/** Where this process has seen its own records committed, by organization: a head that is put back while Rekey runs is noticed. */
const last = new Map<string, { seq: number; hmac: string }>();

/** Remembers the end of a chain once its transaction is committed. */
export function noteWritten(organizationId: string, end: { seq: number; hmac: string }): void {
  if (end.seq > (last.get(organizationId)?.seq ?? 0)) last.set(organizationId, end);
}

/** The last record that this process wrote there, if any. */
export const lastWritten = (organizationId: string): { seq: number; hmac: string } | undefined => last.get(organizationId);
