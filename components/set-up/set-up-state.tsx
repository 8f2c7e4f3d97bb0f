import { Check, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from '#components/ui/icon.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import { Span } from '#components/ui/time.tsx';
import type { SetupStateWire } from '#lib/contract/setup.ts';

/** Whether what Rekey needs is there: its store, a worker, its key. */
export function SetUpState({ state }: { state: SetupStateWire }) {
  const { store, workers } = state;
  return (
    <KeyValue
      className="mt-6 border-t border-line pt-3 text-xs"
      rows={[
        ['Store', <Line key="store" isOk>{`${store.kind === 'embedded' ? 'embedded ' : ''}PostgreSQL ${store.version}, answers`}</Line>],
        [
          'Worker',
          <Line key="worker" isOk={workers.count > 0}>
            {workers.count > 0 && workers.last_beat_at ? (
              <>
                {workers.count}, last heartbeat <Span since={workers.last_beat_at} /> ago
              </>
            ) : (
              'none is alive yet'
            )}
          </Line>,
        ],
        [
          'Encryption key',
          <Line key="key" isOk={state.encryption_key === 'given'}>
            {state.encryption_key === 'given' ? 'from the settings' : 'generated at the first start. Back it up.'}
          </Line>,
        ],
      ]}
    />
  );
}

function Line({ isOk, children }: { isOk: boolean; children: ReactNode }) {
  return (
    <span className="flex items-start gap-1.5">
      <Icon as={isOk ? Check : TriangleAlert} className={`mt-px !size-3.5 ${isOk ? 'text-ok-ink' : 'text-warn'}`} />
      <span>{children}</span>
    </span>
  );
}
