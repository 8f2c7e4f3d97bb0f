import { type ReactNode, useId } from 'react';

interface SettingsSectionProps {
  id: string;
  title: string;
  text: string;
  children: ReactNode;
}

/** A title with its sentence at the left, what can be set at the right. */
export function SettingsSection({ id, title, text, children }: SettingsSectionProps) {
  const heading = useId();
  return (
    <section
      id={id}
      aria-labelledby={heading}
      className="grid grid-cols-1 gap-x-8 gap-y-3 border-t border-line py-6 first:border-0 first:pt-0 lg:grid-cols-[15rem_minmax(0,1fr)]"
    >
      <div>
        <h2 id={heading} className="font-semibold">
          {title}
        </h2>
        <p className="mt-1 text-ink-3">{text}</p>
      </div>
      <div className="min-w-0">{children}</div>
    </section>
  );
}
