import { Check, CircleHelp, LoaderCircle, X } from 'lucide-react';
import { Card } from '#components/ui/card.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Time } from '#components/ui/time.tsx';
import type { Tone } from '#components/ui/tone.ts';
import type { RotationWire } from '#lib/contract/job.ts';
import { type LoginWith, type ProofCell, proofCell } from './proof-cell.ts';

const LOOKS = {
  ok: { tone: 'ok', icon: Check },
  asking: { tone: 'accent', icon: LoaderCircle },
  unknown: { tone: 'warn', icon: CircleHelp },
  bad: { tone: 'danger', icon: X },
} as const satisfies Record<string, { tone: Tone; icon: unknown }>;

/** Which login with which password said what, and when. */
export function ProofTable({ rotation }: { rotation: RotationWire }) {
  const { kind, from_version: from, to_version: to, has_pooler: hasPooler, state } = rotation;
  const fresh = [
    ['new', kind === 'retire' ? `Current, v${to}` : `New, v${to}`],
    ['old', kind === 'retire' ? 'Ended ones' : `Old, v${from}`],
  ] as const;
  const rows: readonly (readonly [LoginWith, string])[] = [
    ...(state === 'failed' || state === 'needs_attention' ? fresh.toReversed() : fresh),
    ['wrong', isByHandshake(rotation.proofs.wrong) ? 'Any other one' : 'A random wrong one'],
  ];
  const hasHandshake = rows.some(([login]) => (['direct', 'pooled'] as const).some((endpoint) => proofCell(rotation, login, endpoint).by === 'handshake'));
  return (
    <Card
      title="What is proven"
      className="overflow-x-auto"
      foot={hasHandshake && 'By handshake: the server showed which password it holds, so no login had to fail.'}
    >
      <table className="table [&_:is(td,th):not(:first-child)]:px-2">
        <thead>
          <tr>
            <th scope="col">Login with</th>
            <th scope="col">Direct</th>
            {hasPooler && <th scope="col">Pooled</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(([login, name]) => (
            <tr key={login}>
              <th scope="row" className="!h-9 !border-line !whitespace-normal font-normal !text-sm !text-ink">
                {name}
              </th>
              <Cell cell={proofCell(rotation, login, 'direct')} />
              {hasPooler && <Cell cell={proofCell(rotation, login, 'pooled')} />}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

/** Whether no wrong password was tried anywhere. */
const isByHandshake = (proofs: RotationWire['proofs']['wrong']): boolean =>
  proofs !== undefined && Object.values(proofs).every((proof) => proof?.by === 'handshake');

function Cell({ cell: { look, words, at, by } }: { cell: ProofCell }) {
  if (look === 'quiet') {
    return (
      <td className="!h-9">
        <span className="text-ink-3">{words}</span>
      </td>
    );
  }
  const { tone, icon } = LOOKS[look];
  return (
    <td className="!h-9">
      <span className="flex flex-wrap items-center gap-x-2">
        <span className="state" data-tone={tone}>
          <Icon as={icon} className={look === 'asking' ? 'spin' : undefined} />
          {words}
        </span>
        {by && <span className="text-xs text-ink-3">by {by}</span>}
        {at && (
          <span className="num text-xs text-ink-3 [&_time]:font-sans">
            <Time at={at} />
          </span>
        )}
      </span>
    </td>
  );
}
