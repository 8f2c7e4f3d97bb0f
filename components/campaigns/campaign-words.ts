import type { StateKind } from '#components/ui/state.tsx';
import type { CampaignDetailsWire, CampaignWire, ProgressWire } from '#lib/contract/campaign.ts';

const figure = (n: number): string => n.toLocaleString('en-US');

/** "1 login", "3,412 logins". */
export const counted = (n: number, one: string, many = `${one}s`): string => `${figure(n)} ${n === 1 ? one : many}`;

/** "Canary", "Wave 2". */
export const waveName = (wave: number): string => (wave === 0 ? 'Canary' : `Wave ${wave}`);

type Stage = CampaignDetailsWire['stages'][number];

/** "412 of 853 verified, 5 failed". */
function doneWords({ total, rotated, failed, in_doubt: inDoubt, skipped }: ProgressWire, isWhole: boolean): string {
  const rest = [failed > 0 && `${figure(failed)} failed`, inDoubt > 0 && `${figure(inDoubt)} in doubt`, skipped > 0 && `${figure(skipped)} skipped`].filter(
    Boolean,
  );
  return [isWhole ? `${figure(rotated)} verified` : `${figure(rotated)} of ${figure(total)} verified`, ...rest].join(', ');
}

/** How a wave stands, for its heading. */
export function stageState(stage: Stage, campaign: CampaignWire): { kind: StateKind; words: string } {
  const isDone = stage.ended_at !== null;
  const hasBegun = stage.waiting < stage.total;
  if (isDone) return { kind: stage.failed > 0 ? 'failed' : 'ok', words: doneWords(stage, true) };
  if (hasBegun && campaign.state === 'running') return { kind: stage.in_doubt > 0 ? 'unknown' : 'running', words: doneWords(stage, false) };
  if (hasBegun) {
    const rest = [stage.running > 0 && `${figure(stage.running)} in progress`, stage.waiting > 0 && `${figure(stage.waiting)} not started`].filter(Boolean);
    return { kind: stage.running > 0 ? 'running' : stage.failed > 0 ? 'failed' : 'not-readable', words: [doneWords(stage, false), ...rest].join(', ') };
  }
  if (campaign.state === 'aborted') return { kind: 'not-readable', words: 'Not started' };
  if (stage.wave <= campaign.wave) return { kind: 'not-readable', words: 'Starts next' };
  return { kind: 'not-readable', words: stage.wave === 1 ? 'Starts after the canary' : `Starts after wave ${stage.wave - 1}` };
}

/** The same for readers of the drawing, with every count. */
export function stageLabel({ wave, total, rotated, failed, in_doubt: inDoubt, skipped, running, waiting }: Stage): string {
  const counts: [number, string][] = [
    [rotated, 'verified'],
    [running, 'in progress'],
    [failed, 'failed'],
    [inDoubt, 'in doubt'],
    [skipped, 'skipped'],
    [waiting, 'not started'],
  ];
  return `${waveName(wave)}, ${counted(total, 'login')}: ${counts.flatMap(([n, words]) => (n > 0 ? [`${figure(n)} ${words}`] : [])).join(', ')}`;
}

/** When it stops by itself: "It stops at 20 failures, 7 so far." */
export function limitWords({ stop_failures: failures, stop_share: share, progress, wave, canary }: CampaignWire): string {
  const soFar = progress.failed + progress.in_doubt;
  if (wave === 0 && canary > 0) return 'It stops at the first failure of the canary.';
  const limits = [failures !== null && counted(failures, 'failure'), share !== null && `${share} % of all logins`].filter(Boolean);
  return limits.length === 0 ? 'No number of failures stops it.' : `It stops at ${limits.join(' or ')}, ${figure(soFar)} so far.`;
}

/** What is known of the passwords, as the first sentence of the page. */
export function headline(campaign: CampaignWire): { tone: 'accent' | 'ok' | 'ok-quiet' | 'warn'; title: string; text: string } {
  const { state, progress, wave, last_wave: last } = campaign;
  const { total, rotated, failed, in_doubt: inDoubt, waiting, running, skipped } = progress;
  const changed = `${figure(rotated)} of ${counted(total, 'login')} ${rotated === 1 && total === 1 ? 'has' : 'have'} a new, verified password.`;
  const inProgress =
    running > 0 ? ` ${counted(running, 'rotation')} in progress ${running === 1 ? 'ends' : 'end'} by ${running === 1 ? 'itself' : 'themselves'}.` : '';
  if (inDoubt > 0)
    return {
      tone: 'warn',
      title: `${counted(inDoubt, 'password')} ${inDoubt === 1 ? 'is' : 'are'} in doubt.`,
      text: `Both versions are kept and Rekey keeps checking. ${changed}`,
    };
  const kept = [
    failed > 0 && `${figure(failed)} kept the old one`,
    skipped > 0 && `${figure(skipped)} skipped`,
    waiting > 0 && `${figure(waiting)} not touched`,
  ].filter(Boolean);
  const rest = kept.length > 0 ? `${kept.join(', ')}.` : '';
  switch (state) {
    case 'running':
      return { tone: 'accent', title: changed, text: `${wave === 0 ? 'The canary' : `Wave ${wave} of ${last}`} is in progress. ${limitWords(campaign)}` };
    case 'paused':
      return { tone: 'ok-quiet', title: changed, text: `Paused by ${campaign.changed_by}: nothing starts until it is resumed.${inProgress}` };
    case 'stopped':
      return {
        tone: 'ok-quiet',
        title: 'No password is in doubt.',
        text: `${figure(rotated)} new and verified${kept.length > 0 ? `, ${kept.join(', ')}` : ''}.${inProgress}`,
      };
    case 'aborted':
      return { tone: 'ok-quiet', title: changed, text: `Aborted by ${campaign.changed_by}. ${rest}${inProgress}` };
    case 'completed':
      return { tone: failed > 0 ? 'ok-quiet' : 'ok', title: changed, text: rest };
  }
}

/** Its state as a badge. */
export function stateBadge({ state, stopped_because: why }: CampaignWire): { tone: 'accent' | 'ok' | 'warn' | 'danger' | 'none'; words: string } {
  switch (state) {
    case 'running':
      return { tone: 'accent', words: 'Running' };
    case 'paused':
      return { tone: 'warn', words: 'Paused' };
    case 'stopped':
      return { tone: 'danger', words: why === 'canary_failed' ? 'Stopped at the canary' : 'Stopped' };
    case 'completed':
      return { tone: 'ok', words: 'Completed' };
    case 'aborted':
      return { tone: 'none', words: 'Aborted' };
  }
}
