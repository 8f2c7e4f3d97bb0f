'use client';

import { Card } from '#components/ui/card.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { RadioCards } from '#components/ui/radio-cards.tsx';
import type { NotificationsBody } from '#lib/contract/notification.ts';

interface ProjectsCardProps {
  tag: NotificationsBody['tag'];
  error: string | undefined;
  onChange: (tag: NotificationsBody['tag']) => void;
}

/** Which projects e-mails are about. */
export function ProjectsCard({ tag, error, onChange }: ProjectsCardProps) {
  return (
    <Card title="Which projects">
      <div className="grid gap-3 p-4">
        <RadioCards
          label="Which projects"
          value={tag === null ? 'all' : 'tag'}
          onChange={(value) => onChange(value === 'all' ? null : { key: 'team', value: '' })}
          options={[
            { value: 'all', title: 'All projects', text: 'Every project that you reach.' },
            { value: 'tag', title: 'Projects with a tag', text: 'What concerns no single project is sent all the same.' },
          ]}
        />
        {tag && (
          <div className="grid grid-cols-2 gap-3">
            <Field label="Tag" error={error}>
              <Input machine value={tag.key} placeholder="team" onChange={({ target }) => onChange({ ...tag, key: target.value })} />
            </Field>
            <Field label="Value">
              <Input machine value={tag.value} placeholder="shop" onChange={({ target }) => onChange({ ...tag, value: target.value })} />
            </Field>
          </div>
        )}
      </div>
    </Card>
  );
}
