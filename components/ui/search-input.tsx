import { Search } from 'lucide-react';
import type { Ref } from 'react';
import { Icon } from './icon.tsx';

interface SearchInputProps {
  /** What is searched, for readers. */
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  /** F leads here. */
  ref: Ref<HTMLInputElement>;
  className?: string;
}

/** A small search field. Escape empties and leaves it. */
export function SearchInput({ label, placeholder, value, onChange, ref, className }: SearchInputProps) {
  return (
    <label className={`relative ${className ?? ''}`}>
      <span className="sr-only">{label}</span>
      <Icon as={Search} className="absolute top-1/2 left-2 -translate-y-1/2 text-ink-3" />
      <input
        ref={ref}
        type="search"
        className="input !h-(--size-control-sm) !border-line-strong pl-8 text-xs"
        placeholder={placeholder}
        aria-keyshortcuts="F"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          onChange('');
          event.currentTarget.blur();
        }}
      />
    </label>
  );
}
