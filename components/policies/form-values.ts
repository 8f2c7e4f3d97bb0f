import type { CreatePolicyBody, PolicyPreviewBody, PolicyWire } from '#lib/contract/policy.ts';
import { DAYS, parseTagRule, tagRuleText } from './policy-words.ts';
import type { DayWindow } from './windows-field.tsx';

/** A policy as its form has it: what is typed is text. */
export interface FormValues {
  name: string;
  by: 'age' | 'cron';
  age: string;
  cron: string;
  windows: DayWindow[];
  zone: string;
  whenMissed: 'wait' | 'run';
  blackouts: string;
  spread: 'spread' | 'at-once';
  sessions: 'keep' | 'close';
  grace: string;
  tagRule: string;
  isDefault: boolean;
  /** Ids of members. */
  notify: string[];
}

type Shown = Partial<PolicyWire> & { name: string };

const rangeText = ({ from, to }: { from: string; to: string }): string => (from === to ? from : `${from} to ${to}`);

export const toValues = (policy: Shown): FormValues => ({
  name: policy.name,
  by: policy.cron ? 'cron' : 'age',
  age: String(policy.max_age_days ?? 90),
  cron: policy.cron ?? '30 1 * * *',
  windows: (policy.windows ?? []).flatMap(({ days, from, to }) => days.map((day) => ({ day, from, to }))),
  zone: policy.time_zone ?? 'UTC',
  whenMissed: policy.run_when_back ? 'run' : 'wait',
  blackouts: (policy.blackouts ?? []).map(rangeText).join('\n'),
  spread: policy.spread === false ? 'at-once' : 'spread',
  sessions: policy.close_sessions ? 'close' : 'keep',
  grace: String(policy.grace_hours ?? 0),
  tagRule: tagRuleText(policy.tag_rule ?? null),
  isDefault: policy.is_default ?? false,
  notify: policy.notify ?? [],
});

/** What is no number is sent as it is not: the answer names the field. */
const numberOf = (text: string): number => (/^\d+$/.test(text.trim()) ? Number(text) : Number.NaN);

/** Windows with the same hours are one with several days. */
function toWindows(windows: DayWindow[]): CreatePolicyBody['windows'] {
  const byHours = Map.groupBy(windows, ({ from, to }) => `${from} ${to}`);
  return [...byHours.values()].map((group) => ({
    days: DAYS.flatMap(({ day }) => (group.some((one) => one.day === day) ? day : [])),
    from: group[0]?.from ?? '',
    to: group[0]?.to ?? '',
  }));
}

const toBlackouts = (text: string): CreatePolicyBody['blackouts'] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [from = '', to = from] = line.split(/\s+(?:to|–|-)\s+/);
      return { from, to };
    });

/** The rule alone, for a preview. */
export const toPreview = (values: FormValues): PolicyPreviewBody => ({
  max_age_days: values.by === 'age' ? numberOf(values.age) : null,
  cron: values.by === 'cron' ? values.cron : null,
  windows: toWindows(values.windows),
  time_zone: values.zone,
  blackouts: toBlackouts(values.blackouts),
  tag_rule: parseTagRule(values.tagRule) ?? null,
});

/** What is sent; null where the tag rule is none. */
export function toBody(values: FormValues): CreatePolicyBody | null {
  const rule = parseTagRule(values.tagRule);
  if (rule === undefined) return null;
  const grace = numberOf(values.grace);
  return {
    ...toPreview(values),
    name: values.name,
    tag_rule: rule,
    spread: values.spread === 'spread',
    close_sessions: values.sessions === 'close',
    grace_hours: grace === 0 ? null : grace,
    run_when_back: values.whenMissed === 'run',
    is_default: values.isDefault,
    notify: values.notify,
  };
}
