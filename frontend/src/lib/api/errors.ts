import { t } from './messages.ts';

export interface FieldProblem {
  field: string;
  message: string;
}

/** What the server sends with every failure. */
interface Envelope {
  detail?: string;
  error_code?: string;
  correlation_id?: string;
  fields?: FieldProblem[] | null;
}

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
    readonly retryAfter: number | null = null
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
      secondsIn(response.headers.get('Retry-After'))
    );
  }
}

function secondsIn(header: string | null): number | null {
  const seconds = Number(header);
  return header && Number.isFinite(seconds) ? seconds : null;
}
