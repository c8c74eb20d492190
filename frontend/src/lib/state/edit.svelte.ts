import { ApiError, type FieldConflict } from '../api/errors.ts';

interface Versioned {
  updated_at: string;
}

/** So often an edit is sent again when the row has changed in other fields only. */
const TRIES = 3;

/**
 * An edit of a row that others may change meanwhile. It is sent with the version it is based on.
 * A row with a newer version is still saved when nobody else changed the same fields.
 */
export class Edit<Row extends Versioned> {
  /** The row that the edit is based on. */
  row: Row;

  constructor(row: Row) {
    this.row = $state.raw(row);
  }

  /** Throws `ApiError` with `edit_conflict` where a field has two new values. */
  async save<Changes extends object>(
    changes: Changes,
    send: (body: Changes & { expected_updated_at: string }) => Promise<Row>
  ): Promise<Row> {
    for (let tries = 1; ; tries++) {
      try {
        return await send({ ...changes, expected_updated_at: this.row.updated_at });
      } catch (error) {
        if (!(error instanceof ApiError) || !this.#isNewer(error)) throw error;
        if (tries === TRIES || this.conflictsIn(error).length) throw error;
        this.overwrite(error);
      }
    }
  }

  /** The fields of a failed edit that somebody else gave another value than it has here. */
  conflictsIn(error: ApiError | null): FieldConflict[] {
    const before = this.row as unknown as Record<string, unknown>;
    return (error?.more.conflicts ?? []).filter(
      ({ field, sent, current }) =>
        !isSame(current, sent) && (before[field] === undefined || !isSame(current, before[field]))
    );
  }

  /** Keeps what was entered here: the next save replaces what the others saved. */
  overwrite({ more }: ApiError): void {
    if (more.updated_at) this.row = { ...this.row, updated_at: more.updated_at };
  }

  /** Takes over what the others saved; answers the names of the fields of the conflict. */
  adopt(error: ApiError): string[] {
    const fields = this.conflictsIn(error).map(({ field }) => field);
    const current = (error.more.conflicts ?? []).map((one) => [one.field, one.current]);
    this.row = { ...this.row, ...(Object.fromEntries(current) as Partial<Row>) };
    this.overwrite(error);
    return fields;
  }

  #isNewer({ code, more }: ApiError): boolean {
    return code === 'edit_conflict' && more.updated_at !== undefined;
  }
}

const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(normal(one)) === JSON.stringify(normal(other));

/** Lists and the names of an object have no order here; what is empty equals what is missing. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.length ? value.map(String).toSorted() : null;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, inner]) => [name, normal(inner) ?? null]);
    return entries
      .filter(([, inner]) => inner !== null)
      .toSorted(([one], [other]) => String(one).localeCompare(String(other)));
  }
  const moment = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);
  return moment ? Date.parse(value) : (value ?? null);
}
