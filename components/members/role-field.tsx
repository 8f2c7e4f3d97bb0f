'use client';

import { useMe } from '#components/session/me.tsx';
import { FieldError } from '#components/ui/field.tsx';
import { RadioCards } from '#components/ui/radio-cards.tsx';
import { type Role, roleCards } from './member-words.ts';

interface RoleFieldProps {
  value: Role;
  onChange: (value: Role) => void;
  error: string | undefined;
}

/** What somebody may do. */
export function RoleField({ value, onChange, error }: RoleFieldProps) {
  const isOwner = useMe().principal.role === 'owner';
  return (
    <fieldset className="min-w-0">
      <legend className="label">Role</legend>
      <RadioCards label="Role" className="sm:grid-cols-2" value={value} onChange={onChange} options={roleCards(isOwner)} />
      {error && <FieldError>{error}</FieldError>}
    </fieldset>
  );
}
