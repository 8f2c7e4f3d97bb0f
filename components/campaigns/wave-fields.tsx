'use client';

import { Plus, X } from 'lucide-react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Input } from '#components/ui/input.tsx';
import { setStyle } from '#components/ui/set-style.ts';

export interface Order {
  canary: string;
  /** Shares in percent, one for each wave after the canary. */
  waves: string[];
}

/** How many logins each wave has, as the server will plan it; the last is the rest. */
export function sizesOf(total: number, { canary, waves }: Order): number[] {
  let left = total;
  const take = (wanted: number) => {
    const taken = Math.max(0, Math.min(left, Number.isFinite(wanted) ? wanted : 0));
    left -= taken;
    return taken;
  };
  return [take(Number(canary)), ...waves.map((share) => take(Math.max(1, Math.floor((total * Number(share)) / 100)))), take(total)];
}

/** The canary, the waves, and what is left. */
export function WaveFields({ total, order, onChange }: { total: number; order: Order; onChange: (order: Order) => void }) {
  const sizes = sizesOf(total, order);
  const setShare = (index: number, share: string) => onChange({ ...order, waves: order.waves.map((one, i) => (i === index ? share : one)) });
  const remove = (index: number) => onChange({ ...order, waves: order.waves.filter((_, i) => i !== index) });
  return (
    <fieldset>
      <legend className="font-semibold">Order</legend>
      <ol className="mt-2">
        <Wave name="Canary" size={sizes[0] ?? 0} total={total}>
          <Field label="Canary, logins" hideLabel>
            <Input
              className="num !h-7 px-2 text-right text-xs"
              inputMode="numeric"
              value={order.canary}
              onChange={({ target }) => onChange({ ...order, canary: target.value })}
            />
          </Field>
        </Wave>
        {order.waves.map((share, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a wave is its place
          <Wave key={index} name={`Wave ${index + 1}`} size={sizes[index + 1] ?? 0} total={total} onRemove={() => remove(index)}>
            <Field label={`Wave ${index + 1}, percent of all logins`} hideLabel className="relative">
              <Input
                className="num !h-7 pr-6 pl-1 text-right text-xs"
                inputMode="numeric"
                value={share}
                onChange={({ target }) => setShare(index, target.value)}
              />
              <span className="absolute top-1/2 right-2 -translate-y-1/2 text-xs text-ink-3" aria-hidden="true">
                %
              </span>
            </Field>
          </Wave>
        ))}
        <Wave name={`Wave ${order.waves.length + 1}`} size={sizes.at(-1) ?? 0} total={total}>
          <span className="text-xs text-ink-3">the rest</span>
        </Wave>
      </ol>
      <p className="hint flex flex-wrap items-center gap-2">
        The canary takes logins from every server.
        {order.waves.length < 6 && (
          <Button size="small" kind="quiet" icon={Plus} onClick={() => onChange({ ...order, waves: [...order.waves, '10'] })}>
            Add a wave
          </Button>
        )}
      </p>
    </fieldset>
  );
}

interface WaveProps {
  name: string;
  size: number;
  total: number;
  onRemove?: () => void;
  children: React.ReactNode;
}

function Wave({ name, size, total, onRemove, children }: WaveProps) {
  const width = `${total === 0 ? 0 : (100 * size) / total}%`;
  return (
    <li className="grid grid-cols-[4rem_4.5rem_minmax(0,1fr)_3rem_1.75rem] items-center gap-2 py-0.5">
      <span className="font-medium">{name}</span>
      {children}
      <span className="h-2 overflow-hidden rounded-xs bg-hover" aria-hidden="true">
        <span key={width} className="block h-full rounded-xs bg-accent" ref={setStyle({ width })} />
      </span>
      <span className="num text-right text-ink-2">{size.toLocaleString('en-US')}</span>
      {onRemove ? <IconButton label={`Remove ${name}`} icon={X} onClick={onRemove} /> : <span />}
    </li>
  );
}
