import type { ProjectWire } from '#lib/http/wire/project.ts';

/** The same for all projects on one login: they share its password. */
export const loginKey = (project: Pick<ProjectWire, 'engine' | 'public_host' | 'direct_port' | 'role_name'>): string =>
  JSON.stringify([project.engine, project.public_host, project.direct_port, project.role_name]);
