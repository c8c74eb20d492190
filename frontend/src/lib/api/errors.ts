import { t } from './messages.ts';
import type { components } from './schema.d.ts';

export type FieldProblem = components['schemas']['ErrorField'];
export type FieldConflict = components['schemas']['EditConflict'];

/** What the server sends with every failure. */
type Envelope = Partial<components['schemas']['ErrorBody']>;

/**
 * A call that failed, in words for the person who made it.
 * `status` is 0 when no answer came at all; `reference` finds the failure in the server's log.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly fields: readonly FieldProblem[] = [],
    readonly reference: string | null = null,
    /** Seconds to wait before trying again, if the server said so. */
    readonly retryAfter: number | null = null,
    /** What only some failures have: the fields of a conflict, the id of what is there already. */
    readonly more: Pick<Envelope, 'conflicts' | 'updated_at' | 'existing_id'> = {}
  ) {
    super(detail);
  }

  static unreachable(): ApiError {
    return new ApiError(0, 'no_answer', t.noAnswer);
  }

  /** A call's failure as it is; anything else is thrown on. */
  static of(error: unknown): ApiError {
    if (error instanceof ApiError) return error;
    throw error;
  }

  static from(response: Response, body: unknown): ApiError {
    const envelope: Envelope = typeof body === 'object' && body !== null ? body : {};
    const reference = envelope.correlation_id ?? response.headers.get('X-Correlation-ID');
    return new ApiError(
      response.status,
      envelope.error_code ?? `http_${response.status}`,
      envelope.detail ?? t.unexplained({ status: response.status }),
      envelope.fields ?? [],
      reference,
      secondsIn(response.headers.get('Retry-After')),
      envelope
    );
  }
}

function secondsIn(header: string | null): number | null {
  const seconds = Number(header);
  return header && Number.isFinite(seconds) ? seconds : null;
}
