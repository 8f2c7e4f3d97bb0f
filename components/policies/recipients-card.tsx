'use client';

import { useRecipients } from '#components/data/policies.ts';
import { Card } from '#components/ui/card.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';

/** Which members a policy notifies by e-mail, whatever they chose for themselves. */
export function RecipientsCard({ value, onChange }: { value: string[]; onChange: (value: string[]) => void }) {
  const members = useRecipients().data ?? [];
  if (members.length === 0) return null;
  return (
    <Card title="Notify" foot="By e-mail, of failed rotations, missed windows and passwords that will be overdue. Other members choose for themselves.">
      <div className="grid max-h-60 gap-2 overflow-y-auto p-4">
        {members.map(({ user_id: id, email }) => (
          <Checkbox key={id} checked={value.includes(id)} onChange={(isOn) => onChange(isOn ? [...value, id] : value.filter((one) => one !== id))}>
            {email}
          </Checkbox>
        ))}
      </div>
    </Card>
  );
}
