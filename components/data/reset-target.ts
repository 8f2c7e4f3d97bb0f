/** Whose password is reset: that of a site's development database, or that of an environment's. */
export type ResetTarget = { id: string; projectId: string; user: string; version: number } & (
  | { kind: 'development'; path: string | null }
  | { kind: 'environment'; name: string }
);
