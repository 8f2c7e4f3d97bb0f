import { Check } from 'lucide-react';
import { Icon } from '#components/ui/icon.tsx';

const PASSWORD_MIN = 12;

/** How far a new password has come. */
export function PasswordHint({ length }: { length: number }) {
  return (
    <span className="flex items-center gap-1.5">
      {length >= PASSWORD_MIN && <Icon as={Check} className="!size-3.5 text-ok-ink" />}
      {length === 0 ? '' : `${length} ${length === 1 ? 'character' : 'characters'}. `}
      {PASSWORD_MIN} are needed; common passwords are refused.
    </span>
  );
}
