'use client';

import { useMe } from '#components/session/me.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { FieldError } from '#components/ui/field.tsx';
import { ALL_SCOPES, type KeyScope, SCOPE_WORDS } from './key-words.ts';

interface ScopesFieldProps {
  value: KeyScope[];
  onChange: (value: KeyScope[]) => void;
  error: string | undefined;
}

/** What a key may: nothing that its maker may not. */
export function ScopesField({ value, onChange, error }: ScopesFieldProps) {
  const held = useMe().principal.scopes;
  const toggle = (scope: KeyScope, isOn: boolean) => onChange(ALL_SCOPES.filter((one) => (one === scope ? isOn : value.includes(one))));
  return (
    <fieldset className="min-w-0">
      <legend className="label">Scopes</legend>
      <div className="grid gap-x-6 gap-y-2.5 rounded-md border border-line p-3 sm:grid-cols-2">
        {ALL_SCOPES.map((scope) => (
          <Checkbox
            key={scope}
            checked={value.includes(scope)}
            onChange={(isOn) => toggle(scope, isOn)}
            disabledReason={!held.includes(scope) && 'You may not do this yourself.'}
            className="!gap-2"
          >
            <code className="text-xs">{scope}</code>
            <span className="block text-xs text-ink-3">{SCOPE_WORDS[scope]}</span>
          </Checkbox>
        ))}
      </div>
      {error && <FieldError>{error}</FieldError>}
    </fieldset>
  );
}
