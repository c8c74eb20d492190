import type { MediaRequest, RequestAction } from '#lib/api/types.ts';
import { t } from '../messages.ts';

/** What can be done with a request: in Seerr, or here. */
export type Choice = RequestAction | 'ignore';

export const labels: Record<Choice, string> = {
  approve: t.approve,
  decline: t.decline,
  retry: t.retry,
  ignore: t.ignore,
  delete: t.delete
};

const order = Object.keys(labels) as Choice[];

/** True where it can be done with this request now. */
export const isPossible = (
  choice: Choice,
  { actions, protection }: Pick<MediaRequest, 'actions' | 'protection'>
): boolean => (choice === 'ignore' ? !protection : actions.includes(choice));

export const choicesOf = (request: Pick<MediaRequest, 'actions' | 'protection'>) =>
  order.filter((choice) => isPossible(choice, request)).map((id) => ({ id, label: labels[id] }));

/** What can be done with at least one of them, and with how many. */
export const choicesFor = (requests: Pick<MediaRequest, 'actions' | 'protection'>[]) =>
  order
    .map((id) => ({
      id,
      label: labels[id],
      of: requests.filter((one) => isPossible(id, one)).length
    }))
    .filter(({ of }) => of > 0);
