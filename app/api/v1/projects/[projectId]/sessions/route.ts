import { defineRoute } from '#lib/http/define-route.ts';
import { projectParams } from '#lib/http/wire/common.ts';
import { sessionList } from '#lib/http/wire/project.ts';
import { listSessions } from '#lib/rotation/list-sessions.ts';

export const GET = defineRoute({
  access: 'projects.read',
  params: projectParams,
  answer: sessionList,
  handle: async (context, { params }) => {
    const groups = await listSessions(context, params.projectId);
    const sessions = groups.map(({ isOwn, since, ...group }) => ({ ...group, since: since?.toISOString() ?? null, is_own: isOwn }));
    return { sessions, total: groups.reduce((sum, group) => sum + group.count, 0) };
  },
});

export * from '#lib/http/other-methods.ts';
