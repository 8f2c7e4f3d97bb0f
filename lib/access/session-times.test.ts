import { describe, expect, it } from 'vitest';
import { isSeenDue, SESSION_IDLE_SECONDS, SESSION_MAX_SECONDS, sessionEnd } from './session-times.ts';

const start = new Date('2026-03-01T08:00:00Z');
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);

describe('sessionEnd', () => {
  it('is twelve hours after the last request', () => {
    expect(sessionEnd(start, later(60))).toEqual(later(60 + SESSION_IDLE_SECONDS));
  });

  it('is never later than thirty days after sign-in', () => {
    expect(sessionEnd(start, later(SESSION_MAX_SECONDS - 60))).toEqual(later(SESSION_MAX_SECONDS));
  });
});

describe('isSeenDue', () => {
  it('asks for a write only every minute', () => {
    expect(isSeenDue(start, later(59))).toBe(false);
    expect(isSeenDue(start, later(60))).toBe(true);
  });
});
