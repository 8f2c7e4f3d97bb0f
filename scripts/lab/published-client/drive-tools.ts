import { StdioClient } from './stdio-client.ts';

interface Project {
  id: string;
  organization_id: string;
}
interface Job {
  id: string;
  project_id?: string;
  state: string;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** What each tool that has a counterpart answers, as its own types have it. False where it does not. */
const COUNTERPARTS: Record<string, (answer: unknown) => boolean> = {
  list_projects: (answer) => Array.isArray(answer) && answer.length > 0 && answer.every(({ id, name, slug, state }) => [id, name, slug, state].every(isText)),
  get_project: (answer) => isText((answer as Project).id) && isText((answer as Project).organization_id),
  get_connection_strings: (answer) => /^(postgres(ql)?|mysql):\/\//.test((answer as { direct_url: string }).direct_url),
  list_jobs: (answer) => Array.isArray(answer) && answer.length > 0 && answer.every(({ id, state, type }) => [id, state, type].every(isText)),
  get_job: (answer) => isText((answer as Job).id) && ['queued', 'running', 'completed', 'failed'].includes((answer as Job).state),
};

/** Values for whatever a tool without a counterpart may ask for. */
const ANYTHING = {
  preview_id: 'pvw_1',
  backup_key: 'b',
  export_id: 'e',
  name: 'x',
  target_major: 18,
  source_url: 'postgres://u:p@127.0.0.1:1/x',
  confirm: true,
  label: 'x',
  kind: 'backup',
  restore_point_id: 'r',
  query: 'SELECT 1',
  schema: 'public',
  table: 't',
  alert_id: 'a',
  ttl_hours: 1,
  claim_token: 'c',
};

/** `restore` takes one source alone. */
const OVERRIDES: Record<string, object> = { restore: { restore_point_id: undefined, preview_id: undefined } };

/** Null outside a field means null was answered where the types leave a field out. */
const hasNull = (value: unknown): boolean => value === null || (typeof value === 'object' && Object.values(value as object).some(hasNull));

export interface Driven {
  answered: string[];
  /** Refused with a sentence that says what the API does not have. */
  refused: string[];
  /** Tools that did neither, with what they said. */
  wrong: { tool: string; text: string }[];
}

/**
 * Calls every tool of CapyDB's published MCP server against a Rekey at `apiUrl` (with `/api/capydb`): those that have a
 * counterpart answer as they type it, the others are told in a sentence that there is none.
 */
export async function driveTools(file: string, apiUrl: string, apiKey: string): Promise<Driven> {
  const client = new StdioClient(file, { CAPYDB_API_URL: apiUrl, CAPYDB_API_KEY: apiKey });
  const driven: Driven = { answered: [], refused: [], wrong: [] };
  try {
    const tools = await client.open();
    const [project] = JSON.parse((await client.call('list_projects', {})).text) as Project[];
    const projectId = project?.id ?? '';
    const [job] = JSON.parse((await client.call('list_jobs', { project_id: projectId })).text) as Job[];
    for (const tool of tools) {
      const { isError, text } = await client.call(tool, { ...ANYTHING, ...OVERRIDES[tool], project_id: projectId, job_id: job?.id ?? '' });
      const isTyped = COUNTERPARTS[tool];
      if (isTyped && !isError && isTyped(JSON.parse(text)) && !hasNull(JSON.parse(text))) driven.answered.push(tool);
      else if (!isTyped && isError && /The API has no (GET|POST|DELETE) |connection_url: /.test(text)) driven.refused.push(tool);
      else driven.wrong.push({ tool, text: text.slice(0, 300) });
    }
  } finally {
    client.close();
  }
  return driven;
}
