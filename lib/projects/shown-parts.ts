import type { Prisma } from '#generated/prisma/client.ts';
import { INTEGRATION_PARTS } from '#lib/integrations/integrations.ts';

/** What the API shows of a project: its login, and who holds its URL. */
export const SHOWN_PARTS = {
  database: {
    include: {
      server: true,
      policy: { select: { id: true, name: true, timeZone: true, pausedAt: true } },
      credentials: { where: { state: { in: ['current', 'retiring'] } }, orderBy: { version: 'asc' } },
      rotations: {
        where: { kind: 'rotate', state: 'completed' },
        orderBy: { createdAt: 'desc' },
        take: 1,
        select: {
          jobId: true,
          finishedAt: true,
          sessionsLeft: true,
          toCredential: { select: { version: true } },
          steps: { where: { kind: { in: ['sessions_ended', 'sessions_rescanned'] } }, orderBy: { id: 'desc' }, take: 1, select: { at: true } },
        },
      },
    },
  },
  site: true,
  siteEnvironment: { include: { site: true } },
  tags: { orderBy: { key: 'asc' } },
  integrations: { include: INTEGRATION_PARTS },
  consumers: { select: { tasks: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: 1, select: { doneAt: true } } } },
} as const satisfies Prisma.ProjectInclude;

export type ShownProject = Prisma.ProjectGetPayload<{ include: typeof SHOWN_PARTS }>;
