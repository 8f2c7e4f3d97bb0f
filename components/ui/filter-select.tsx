import { ChevronDown } from 'lucide-react';
import { Icon } from './icon.tsx';

interface FilterSelectProps<V extends string> {
  label: string;
  /** What no choice is called. */
  any?: string;
  value: V | '';
  onChange: (value: V | '') => void;
  options: readonly { value: V; label: string }[];
}

/** A filter as a button that names its choice; the platform's own list opens under it. */
export function FilterSelect<V extends string>({ label, any = 'any', value, onChange, options }: FilterSelectProps<V>) {
  const chosen = options.find((option) => option.value === value)?.label ?? (value || any);
  return (
    <span className="btn btn-sm relative max-w-56 has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-accent">
      <span aria-hidden="true" className="text-ink-3">
        {label}
      </span>
      <span aria-hidden="true" className="truncate">
        {chosen}
      </span>
      <Icon as={ChevronDown} className="!size-3.5" />
      <select
        aria-label={label}
        className="absolute inset-0 w-full cursor-pointer appearance-none opacity-0"
        value={value}
        onChange={(event) => onChange(event.target.value as V | '')}
      >
        <option value="">{any}</option>
        {value !== '' && !options.some((option) => option.value === value) && <option value={value}>{value}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </span>
  );
}
