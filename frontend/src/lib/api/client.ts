import { ApiError } from './errors.ts';
import { hasCsrfToken } from './request.ts';

export { client, useCsrfToken } from './request.ts';

let onSignedOut: (() => void) | null = null;

/** Called when a signed-in page learns that its session has ended. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer's body, or an `ApiError` thrown. */
export async function unwrap<T>(call: Promise<Result<T>>): Promise<T> {
  const result = await call.catch((problem: unknown) => {
    if (problem instanceof DOMException && problem.name === 'AbortError') throw problem;
    throw ApiError.unreachable();
  });
  if (result.response.ok) return result.data as T;
  const error = ApiError.from(result.response, result.error);
  if (error.status === 401 && hasCsrfToken()) onSignedOut?.();
  throw error;
}
