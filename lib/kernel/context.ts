import type { MemberRole } from '#generated/prisma/enums.ts';

/** The user, API key or system that acts. */
export type Actor =
  | {
      kind: 'user';
      id: string;
      name: string;
      role: MemberRole;
      /** The projects that a restricted member reaches; null: all. */
      projectIds: readonly string[] | null;
      sessionId: string;
      authenticatedAt: Date;
      /** Whether the password was given in this session within the last five minutes. */
      isFresh: boolean;
    }
  /** Scopes of ours, and such as the clients of another system name; see rights.ts. */
  | { kind: 'api_key'; id: string; name: string; scopes: readonly string[]; projectId: string | null }
  | { kind: 'system'; id: null; name: string };

/** Where a request came from; absent for the workers' own acts. */
export interface Origin {
  address?: string;
  userAgent?: string;
  requestId?: string;
  /** When the request arrived, by monotonicMs. */
  receivedMark?: number;
}

/** What every domain verb is given: who acts for which organization, and from where. */
export interface Context {
  organizationId: string;
  actor: Actor;
  origin: Origin;
}

/** The context of Rekey's own acts: a worker going on with what somebody asked for. */
export const systemContext = (organizationId: string, name = 'rekey'): Context => ({
  organizationId,
  actor: { kind: 'system', id: null, name },
  origin: {},
});
