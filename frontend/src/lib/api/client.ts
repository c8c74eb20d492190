import createClient, { type Middleware } from 'openapi-fetch';
import { ApiError } from './errors.ts';
import type { paths } from './schema.d.ts';

const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
let csrfToken: string | null = null;
let onSignedOut: (() => void) | null = null;

/** The token that every change made with the session's cookie must carry. */
export function useCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Called when a signed-in page learns that its session has ended. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

const csrf: Middleware = {
  onRequest({ request }) {
    if (csrfToken && CHANGES.has(request.method)) request.headers.set('X-CSRF-Token', csrfToken);
    return request;
  }
};

export const client = createClient<paths>({ baseUrl: globalThis.location?.origin ?? '' });
client.use(csrf);

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
  if (error.status === 401 && csrfToken) onSignedOut?.();
  throw error;
}
