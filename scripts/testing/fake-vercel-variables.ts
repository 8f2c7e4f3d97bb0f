// The environment variables of one Vercel project, in memory, with the rules by which Vercel takes or refuses them.
import { z } from 'zod';

/** All variables of a deployment together may not be longer. */
const VALUE_LIMIT_BYTES = 65_536;
const CONFLICT = 'Another Environment Variable with the same Name and Environment exists in your project.';
const targetSchema = z.enum(['production', 'preview', 'development']);

export const sentVariableSchema = z.strictObject({
  key: z.string(),
  value: z.string(),
  type: z.enum(['system', 'encrypted', 'plain', 'sensitive']),
  target: z.array(targetSchema).min(1).optional(),
  customEnvironmentIds: z.array(z.string()).min(1).optional(),
  gitBranch: z.string().max(250).nullable().optional(),
  comment: z.string().max(500).optional(),
});
export type SentVariable = z.infer<typeof sentVariableSchema>;

export interface HeldVariable extends Pick<SentVariable, 'key' | 'value' | 'type' | 'customEnvironmentIds'> {
  id: string;
  target: z.infer<typeof targetSchema>[];
  gitBranch?: string | undefined;
  configurationId?: string;
  contentHint?: { type: string; storeId: string };
}
export type VariableFailure = { code: string; message: string; key: string };

let ids = 0;

/** Holds a variable whatever the rules, in place of the one with the same name and targets. */
export function holdVariable(variables: HeldVariable[], targets: string[], name: string, value: string, rest: Partial<HeldVariable> = {}): void {
  const target = z.array(targetSchema).parse(targets);
  const at = (held: Pick<HeldVariable, 'gitBranch' | 'customEnvironmentIds'>) => [held.gitBranch, ...(held.customEnvironmentIds ?? [])].join();
  const stale = variables.findIndex((held) => held.key === name && held.target.join() === target.join() && at(held) === at(rest));
  if (stale >= 0) variables.splice(stale, 1);
  ids += 1;
  variables.push({ id: `env${ids}`, key: name, value, type: 'encrypted', target, ...rest });
}

/** Takes a variable by the rules, or says why not. `onViolation` hears of what nobody should have asked for. */
export function putVariable(
  variables: HeldVariable[],
  sent: SentVariable,
  isUpsert: boolean,
  onViolation: (what: string) => void,
): VariableFailure | undefined {
  const { key } = sent;
  if (!/^[A-Za-z_]\w*$/.test(key) || Buffer.byteLength(sent.value) > VALUE_LIMIT_BYTES) return { code: 'bad_request', message: `${key}=${sent.value}`, key };
  const places = ({ target = [], customEnvironmentIds = [] }: Pick<SentVariable, 'target' | 'customEnvironmentIds'>): string[] =>
    [...target, ...customEnvironmentIds].toSorted();
  const overlapping = variables.filter(
    (held) => held.key === key && (held.gitBranch ?? null) === (sent.gitBranch ?? null) && places(held).some((place) => places(sent).includes(place)),
  );
  const same = overlapping.find((held) => places(held).join() === places(sent).join());
  if (overlapping.length > 0 && !same) return { code: 'ENV_CONFLICT', message: CONFLICT, key };
  if (same && !isUpsert) return { code: 'ENV_ALREADY_EXISTS', message: CONFLICT, key };
  if (same?.type === 'sensitive' && sent.type !== 'sensitive') return { code: 'bad_request', message: 'A sensitive variable stays sensitive.', key };
  if (same?.configurationId || same?.contentHint) onViolation(`${key} belongs to another integration and was overwritten`);
  if (same) Object.assign(same, { value: sent.value, type: sent.type });
  else {
    const { type, target = [], gitBranch, customEnvironmentIds } = sent;
    holdVariable(variables, target, key, sent.value, { type, ...(gitBranch && { gitBranch }), ...(customEnvironmentIds && { customEnvironmentIds }) });
  }
  return undefined;
}

/** What may be changed of a standing variable. */
export const editedVariableSchema = z.strictObject({
  key: z.string().optional(),
  value: z.string().optional(),
  type: z.enum(['system', 'encrypted', 'plain', 'sensitive']).optional(),
  target: z.array(targetSchema).optional(),
  gitBranch: z.string().max(250).nullable().optional(),
  customEnvironmentIds: z.array(z.string()).optional(),
  comment: z.string().max(500).optional(),
});

/** Changes the value of a standing variable by the rules, or says why not. */
export function editVariable(
  held: HeldVariable,
  { value = held.value }: z.infer<typeof editedVariableSchema>,
  onViolation: (what: string) => void,
): VariableFailure | undefined {
  if (Buffer.byteLength(value) > VALUE_LIMIT_BYTES) return { code: 'bad_request', message: value, key: held.key };
  if (held.configurationId || held.contentHint) onViolation(`${held.key} belongs to another integration and was overwritten`);
  held.value = value;
  return undefined;
}

/** As a list shows it: a value that is kept encrypted is not opened there. */
export function listVariable(held: HeldVariable) {
  const isPlain = held.type === 'plain';
  return { ...held, value: isPlain ? held.value : held.type === 'sensitive' ? '' : 'eyJ2IjoidjIifQ==', decrypted: isPlain };
}

/** As it is shown alone: all but the sensitive ones are opened. */
export function readVariable(held: HeldVariable) {
  return held.type === 'sensitive' ? { ...held, value: '', decrypted: false } : { ...held, decrypted: true };
}
