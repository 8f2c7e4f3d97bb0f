import type { Context } from '#lib/context.ts';
import type { ProjectWire } from '#lib/http/wire/project.ts';
import { loadProject } from './load-project.ts';
import { projectToWire } from './to-wire.ts';

/** One project. Throws not_found. */
export const getProject = async (context: Context, projectId: string): Promise<ProjectWire> => projectToWire(await loadProject(context, projectId));
