import { ApiError } from '../api/errors.ts';
import { fieldMessage } from '../format/field_errors.ts';

type Errors = Record<string, string>;

/** What is wrong with the answers, by field; nothing where all is well. */
export type Check = (values: Record<string, unknown>) => Errors;

/**
 * A form's answers, what is wrong with them, and whether they are on their way.
 * Problems that the server names by field are shown at the field; any other is `problem`.
 */
export class Form<Values extends Record<string, unknown>> {
  values: Values;
  errors = $state.raw<Errors>({});
  problem = $state.raw<ApiError | null>(null);
  busy = $state(false);

  constructor(
    initial: Values,
    private readonly check: Check = () => ({})
  ) {
    const values = $state(initial);
    this.values = values;
  }

  /** Runs the call once at a time; true when it went through. */
  async submit(call: (values: Values) => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.problem = null;
    this.errors = this.check(this.values);
    if (Object.keys(this.errors).length > 0) return false;
    this.busy = true;
    try {
      await call($state.snapshot(this.values) as Values);
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  #fail(error: unknown): void {
    if (!(error instanceof ApiError)) throw error;
    const known = error.fields.filter(({ field }) => field in this.values);
    this.errors = Object.fromEntries(
      known.map((problem) => [problem.field, fieldMessage(problem)])
    );
    if (known.length === 0) this.problem = error;
  }
}
