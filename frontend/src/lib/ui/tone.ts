import type { Tone } from '../format/status.ts';

export type { Tone };

/** Soft ground with readable text, for badges and notices. */
export const soft: Record<Tone, string> = {
  plain: 'bg-sunken text-muted',
  accent: 'bg-accent-soft text-accent-strong',
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad'
};

/** The tone itself, for dots, bars and icons. */
export const ink: Record<Tone, string> = {
  plain: 'text-muted',
  accent: 'text-accent',
  ok: 'text-ok',
  warn: 'text-warn',
  bad: 'text-bad'
};
