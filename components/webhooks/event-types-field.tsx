'use client';

import { OctagonX } from 'lucide-react';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { EVENT_PATTERNS } from '#lib/contract/webhook.ts';

/** `webhook.test` is told on a press alone. */
const CHOICES = EVENT_PATTERNS.filter((pattern) => pattern !== '*' && !pattern.startsWith('webhook.'));
const ALL = ['*'];
/** What most ask for first. */
const FIRST_CHOICE = ['credentials.rotated', 'job.failed'];

interface EventTypesFieldProps {
  value: string[];
  onChange: (value: string[]) => void;
  error: string | undefined;
}

/** All events, or chosen ones; `job.*` means all that begin so. */
export function EventTypesField({ value, onChange, error }: EventTypesFieldProps) {
  const isAll = value.includes('*');
  const toggle = (pattern: string, isOn: boolean) => onChange(isOn ? [...value, pattern] : value.filter((one) => one !== pattern));
  return (
    <fieldset className="min-w-0">
      <legend className="label">Events</legend>
      <Segmented
        label="Events"
        value={isAll ? 'all' : 'chosen'}
        onChange={(next) => onChange(next === 'all' ? ALL : FIRST_CHOICE)}
        options={[
          { value: 'all', label: 'All events' },
          { value: 'chosen', label: 'Selected events' },
        ]}
      />
      {!isAll && (
        <div className="mt-2.5 grid gap-x-6 gap-y-2 rounded-md border border-line p-3 sm:grid-cols-2">
          {CHOICES.map((pattern) => (
            <Checkbox key={pattern} checked={value.includes(pattern)} onChange={(isOn) => toggle(pattern, isOn)} className="!gap-2">
              <code className="text-xs [overflow-wrap:anywhere]">{pattern}</code>
            </Checkbox>
          ))}
        </div>
      )}
      {error && (
        <p className="mt-1.5 flex items-start gap-1.5 text-xs text-danger-ink" role="alert">
          <Icon as={OctagonX} className="mt-px !size-3.5" />
          {error}
        </p>
      )}
    </fieldset>
  );
}
