import * as v from 'valibot';
import type { Check } from './form.svelte.ts';

/** A form's check by a schema: the first problem of each field. */
export const rules =
  (schema: v.GenericSchema): Check =>
  (values) => {
    const result = v.safeParse(schema, values);
    const issues = result.success ? [] : result.issues.toReversed();
    return Object.fromEntries(issues.map((issue) => [v.getDotPath(issue) ?? '', issue.message]));
  };
