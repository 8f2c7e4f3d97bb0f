import { formatDuration } from '#components/ui/format-time.ts';
import { code, type Sentence, say } from '#components/ui/sentence.ts';
import { countWords } from '#components/ui/words.ts';
import type { RotationWire, StepWire } from '#lib/contract/job.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { failureAdvice } from './failure-advice.ts';

/** One row of the timeline. */
export interface StepWords {
  tone: 'ok' | 'accent' | 'warn' | 'danger' | 'none';
  mark: 'check' | 'proven' | 'play' | 'retry' | 'unknown' | 'cross' | 'undo';
  words: Sentence;
}

export interface StepSubject {
  rotation: Pick<RotationWire, 'from_version' | 'to_version' | 'has_pooler' | 'requested_by'>;
  project: Pick<ProjectWire, 'engine' | 'role_name' | 'public_host' | 'direct_port' | 'pooled_port'>;
  maxAttempts: number;
}

const textOf = ({ detail }: StepWire, key: string): string | null => (typeof detail[key] === 'string' && detail[key] !== '' ? detail[key] : null);
const listOf = ({ detail }: StepWire, key: string): string[] => (Array.isArray(detail[key]) ? detail[key].map(String) : []);
const countOf = ({ detail }: StepWire, key: string): number | null => (typeof detail[key] === 'number' ? detail[key] : null);

const places = (hasPooler: boolean): string => (hasPooler ? ', direct and pooled' : ' directly');

/** Transaction ids are long: a thin space between each three digits. */
const groupDigits = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, '\u2009');

const done = (words: Sentence): StepWords => ({ tone: 'ok', mark: 'check', words });
const proven = (words: Sentence): StepWords => ({ tone: 'ok', mark: 'proven', words });

/** Why, behind a colon, where the step says so. */
const why = (step: StepWire, engine: ProjectWire['engine']): Sentence => {
  const [failure, subject] = [textOf(step, 'code'), textOf(step, 'subject')];
  if (failure === null) return [];
  const { short: what } = failureAdvice(failure, engine);
  const short = textOf(step, 'endpoint') === 'pooled' && !failure.startsWith('pooler_') ? `at the pooled URL, ${what}` : what;
  return subject === null ? say`: ${short}` : say`: ${short} (${code(subject)})`;
};

/** What became of passwords that somebody else set beside ours. */
function otherWords(step: StepWire): string {
  const [kept, ended] = [countOf(step, 'other_passwords_kept'), countOf(step, 'other_passwords_ended')];
  if (kept !== null) return `. ${kept === 1 ? 'A password' : `${kept} passwords`} set by someone else still ${kept === 1 ? 'works' : 'work'}`;
  return ended === null ? '' : `. ${ended === 1 ? 'A password' : `${ended} passwords`} set by someone else no longer ${ended === 1 ? 'works' : 'work'}`;
}

function retryWords(step: StepWire, { project, maxAttempts }: StepSubject): Sentence {
  const wait = countOf(step, 'wait_ms');
  return say`Attempt ${countOf(step, 'attempt') ?? step.attempt} of ${maxAttempts} failed${why(step, project.engine)}.${wait === null ? '' : ` Next in ${formatDuration(wait)}`}`;
}

/** What a row of the timeline says. */
export function stepWords(step: StepWire, subject: StepSubject): StepWords {
  const { rotation, project } = subject;
  const { from_version: from, to_version: to, has_pooler: hasPooler } = rotation;
  const direct = code(`${project.public_host}:${project.direct_port}`);
  const role = code(project.role_name);
  switch (step.kind) {
    case 'requested':
      return { tone: 'none', mark: 'play', words: say`Requested by ${rotation.requested_by}` };
    case 'preflight': {
      const open = countOf(step, 'sessions');
      return done(say`Old password logged in${places(hasPooler)}.${open === null ? '' : ` ${countWords(open, 'session')} open`}`);
    }
    case 'staged':
      return done(say`v${to} stored here, encrypted, before the server is touched`);
    case 'changed': {
      if (textOf(step, 'kind') === 'retire') return done(say`Old passwords of ${role} removed from the server`);
      const xid = textOf(step, 'xid');
      return done(xid === null ? say`Password of ${role} changed${otherWords(step)}` : say`Password of ${role} changed, transaction ${code(groupDigits(xid))}`);
    }
    case 'direct_ok':
      return done(say`New password logged in on ${direct}`);
    case 'pooled_ok':
      return done(
        project.pooled_port === null
          ? say`New password logged in through the pooler`
          : say`New password logged in through the pooler, port ${code(String(project.pooled_port))}`,
      );
    case 'promoted':
      return done(say`From now on Rekey hands out v${to}`);
    case 'config_written': {
      const others = listOf(step, 'also_in').join(', ');
      return others === ''
        ? done(say`v${to} written to the site’s file`)
        : { tone: 'warn', mark: 'check', words: say`v${to} written to the site’s file. v${from} is also in ${code(others)}` };
    }
    case 'old_kept':
      return proven(say`Old password still logs in, as intended; a random wrong one was rejected`);
    case 'old_refused':
      return proven(say`Old password was rejected${places(hasPooler)}`);
    case 'wrong_refused':
      return proven(say`A random wrong password was rejected${places(hasPooler)}, so the proofs count`);
    case 'sessions_ended': {
      const ended = countOf(step, 'count');
      return done(ended === null ? say`Sessions opened with v${from} closed` : say`${countWords(ended, 'session')} opened with v${from} closed`);
    }
    case 'sessions_rescanned': {
      const ended = countOf(step, 'count');
      return done(
        ended === null || ended === 0 ? say`Looked for late sessions of v${from}: none` : say`${countWords(ended, 'session')} of v${from}, begun late, closed`,
      );
    }
    case 'sessions_unknown':
      return {
        tone: 'warn',
        mark: 'unknown',
        words:
          textOf(step, 'code') === 'sessions_denied'
            ? say`Sessions opened with v${from} stay open${why(step, project.engine)}`
            : say`Sessions of v${from} could not be distinguished from newer ones${why(step, project.engine)}`,
      };
    case 'completed':
      return proven(
        Array.isArray(step.detail.keeps)
          ? say`v${to} works, and ${step.detail.keeps.map((version) => `v${version}`).join(', ')} beside it`
          : say`Only v${to} works`,
      );
    case 'retrying':
      return { tone: 'danger', mark: 'cross', words: retryWords(step, subject) };
    case 'waiting':
      return { tone: 'warn', mark: 'retry', words: say`Waiting for the server to accept logins${why(step, project.engine)}` };
    case 'undoing':
      return { tone: 'warn', mark: 'undo', words: say`Restoring v${from}${why(step, project.engine)}` };
    case 'undone':
      return proven(say`v${from} restored, and it logged in${places(hasPooler)}`);
    case 'failed':
      return { tone: 'danger', mark: 'cross', words: say`Failed${why(step, project.engine)}` };
    case 'needs_attention':
      return { tone: 'warn', mark: 'unknown', words: say`Not known which password works${why(step, project.engine)}` };
    case 'account_blocked':
      return {
        tone: 'warn',
        mark: 'unknown',
        words: say`v${to} works, but failed logins by others have blocked ${role}: run ${code('FLUSH PRIVILEGES')} on the server`,
      };
    case 'recovered':
      return { tone: 'ok', mark: 'retry', words: say`v${to} logged in: the change of an earlier attempt had reached the server` };
  }
}
