'use client';

import { RotateCw } from 'lucide-react';
import Link from 'next/link';
import { failureAdvice } from '#components/rotation/failure-advice.ts';
import { Button, ButtonLink } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { State } from '#components/ui/state.tsx';
import { Time } from '#components/ui/time.tsx';
import type { CampaignLoginListWire, CampaignWire } from '#lib/contract/campaign.ts';
import { counted, waveName } from './campaign-words.ts';
import { type Act, useCampaignLogins } from './queries.ts';
import { useCampaignReason } from './use-campaign-reason.ts';

type Login = CampaignLoginListWire['logins'][number];

/** Why a campaign requested no rotation of a login; other codes are those of rotations. */
const OWN_REASONS: Record<string, { short: string; todo: string }> = {
  project_not_ready: { short: 'the login is not proven', todo: 'Check its connection, then retry.' },
  rotated_since_start: { short: 'someone else rotated it since the campaign started', todo: 'Nothing is left to do.' },
  not_found: { short: 'it was removed from Rekey', todo: 'Nothing is left to do.' },
  forbidden: { short: 'the rotation was not allowed', todo: 'Rotate it on its own page.' },
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const adviceFor = (code: string | null) => (code !== null && OWN_REASONS[code]) || failureAdvice(code);

/** What failed and why, by reason; what is in doubt, and what was skipped. */
export function FailuresCard({ campaign, act }: { campaign: CampaignWire; act: Act }) {
  const { id, progress, state } = campaign;
  const failed = useCampaignLogins(id, 'failed', progress.failed).data ?? [];
  const doubted = useCampaignLogins(id, 'in_doubt', progress.in_doubt).data ?? [];
  const skipped = useCampaignLogins(id, 'skipped', progress.skipped).data ?? [];
  const disabledReason = useCampaignReason();
  const isQuiet = progress.failed + progress.in_doubt + progress.skipped === 0;
  const isRetryable = progress.failed > 0 && (state === 'running' || state === 'paused');
  return (
    <Card
      title={isQuiet ? 'No failures' : `${progress.failed} failed`}
      aside={progress.failed > 0 && 'each kept its old password'}
      actions={
        isRetryable && (
          <Button
            size="small"
            icon={RotateCw}
            disabledReason={disabledReason}
            busy={act.isPending && act.variables === 'retry' && 'Retrying'}
            onClick={() => act.mutate('retry')}
          >
            Retry {progress.failed} failed
          </Button>
        )
      }
    >
      {isQuiet && <p className="px-4 py-3 text-ink-2">Failed logins appear here with the reason, and keep their old password.</p>}
      {progress.in_doubt > 0 && (
        <Group
          kind="unknown"
          title={`${counted(doubted.length, 'password')} in doubt`}
          text="Both versions are kept, and Rekey keeps checking."
          logins={doubted}
        />
      )}
      {progress.failed > 0 &&
        groupByCode(failed).map(([code, logins]) => (
          <Group key={code} kind="failed" title={capital(adviceFor(code).short)} text={adviceFor(code).todo} logins={logins} />
        ))}
      {progress.skipped > 0 &&
        groupByCode(skipped).map(([code, logins]) => (
          <Group key={code} kind="not-readable" title={`Skipped: ${adviceFor(code).short}`} text={adviceFor(code).todo} logins={logins} />
        ))}
      {failed.length < progress.failed && failed.length > 0 && <p className="card-foot">The first {failed.length} are listed; the API lists all.</p>}
    </Card>
  );
}

function groupByCode(logins: Login[]): [string, Login[]][] {
  const groups = Object.groupBy(logins, ({ error_code: code }) => code ?? 'internal');
  return Object.entries(groups)
    .map(([code, rows = []]): [string, Login[]] => [code, rows])
    .sort(([, a], [, b]) => b.length - a.length);
}

interface GroupProps {
  kind: 'failed' | 'unknown' | 'not-readable';
  title: string;
  text: string;
  logins: Login[];
}

function Group({ kind, title, text, logins }: GroupProps) {
  return (
    <section aria-label={title} className="border-b border-line last:border-0">
      <div className="border-b border-line bg-sunken px-4 py-2">
        <State kind={kind}>
          {title} <span className="num font-normal text-ink-3">{logins.length}</span>
        </State>
        <p className="text-xs text-ink-2">{text}</p>
      </div>
      <ul className="list">
        {logins.map((login) => (
          <li key={login.database_id} className="flex flex-wrap items-center gap-x-3 gap-y-0.5 py-1.5 pr-2 pl-4">
            <span className="min-w-0 flex-1 basis-52">
              <Link href={`/projects/${login.project_id}/connections`} className="block truncate font-medium">
                {login.project_name}
              </Link>
              <span className="mono block truncate text-xs text-ink-3">
                {login.role_name}
                {login.host && ` @ ${login.host}`}
              </span>
            </span>
            <span className="num text-xs text-ink-3">
              {waveName(login.wave)}
              {login.ended_at && (
                <>
                  , <Time at={login.ended_at} />
                </>
              )}
            </span>
            {login.job_id && (
              <ButtonLink
                size="small"
                kind="quiet"
                href={`/projects/${login.project_id}/activity/${login.job_id}`}
                aria-label={`See rotation of ${login.project_name}`}
              >
                See rotation
              </ButtonLink>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
