/** The last record that this process committed, by organization. It reveals a head that is rolled back while Rekey runs. */
const last = new Map<string, { seq: number; hmac: string }>();

/** Stores the end of a chain after its transaction commits. */
export function noteWritten(organizationId: string, end: { seq: number; hmac: string }): void {
  if (end.seq > (last.get(organizationId)?.seq ?? 0)) last.set(organizationId, end);
}

/** The last record that this process wrote there, if any. */
export const lastWritten = (organizationId: string): { seq: number; hmac: string } | undefined => last.get(organizationId);
