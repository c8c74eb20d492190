import type { Insight, Preset } from '#lib/api/types.ts';
import { t } from './messages.ts';

export const insightNames: Record<Insight, string> = {
  unwatched: t.insightUnwatched,
  large: t.insightLarge,
  language: t.insightLanguage,
  stuck: t.insightStuck,
  recent: t.insightRecent
};

const ONLY = 'only:';

export interface Kind {
  value: string;
  label: string;
  hint: string;
}

/** What a title can be protected from: this insight alone, or what the presets say. */
export function kindsOf(
  presets: Preset[],
  insight: Insight | null,
  scope: Preset['scopes'][number] = 'title'
): Kind[] {
  const only = insight && {
    value: `${ONLY}${insight}`,
    label: t.onlyInsight({ insight: insightNames[insight] }),
    hint: t.onlyInsightHint({ insight: insightNames[insight] })
  };
  const ready = presets
    .filter(({ scopes }) => scopes.includes(scope))
    // In a list: what is about that list, and is more than leaving it.
    .filter((one) => !insight || !one.insight || (one.insight === insight && one.languages))
    .map(({ id, name, description }) => ({ value: id, label: name, hint: description }));
  return only ? [only, ...ready] : ready;
}

/** A kind as the API takes it: an insight, or a preset. */
export const termsOf = (kind: string): { insight?: Insight; preset?: string } =>
  kind.startsWith(ONLY) ? { insight: kind.slice(ONLY.length) as Insight } : { preset: kind };
