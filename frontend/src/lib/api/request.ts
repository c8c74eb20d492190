import type { Client } from 'openapi-fetch';
import type { paths } from './schema.d.ts';

const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
let csrfToken: string | null = null;

/** The token that every change made with the session's cookie must carry. */
export function useCsrfToken(token: string | null): void {
  csrfToken = token;
}

export const hasCsrfToken = (): boolean => csrfToken !== null;

interface Options {
  params?: {
    path?: Record<string, string>;
    query?: Record<string, string | number | boolean | string[]>;
    header?: Record<string, string>;
  };
  body?: unknown;
}

function addressOf(path: string, { path: parts = {}, query = {} }: Options['params'] = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parts[name] ?? ''));
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) =>
      // An empty list is named, too.
      (Array.isArray(value) && value.length ? value : [value]).map((one) => [name, String(one)])
    )
  );
  return search.size ? `${filled}?${search}` : filled;
}

const bodyOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

async function send(method: string, path: string, { params, body }: Options = {}) {
  const headers = new Headers(params?.header);
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  if (csrfToken && CHANGES.has(method)) headers.set('X-CSRF-Token', csrfToken);
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(addressOf(path, params), { method, headers, ...sent });
  const answer = bodyOf(await response.text());
  return response.ok ? { data: answer, response } : { error: answer, response };
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const call = (method: Method) => (path: string, options?: Options) => send(method, path, options);

/**
 * Calls of the API, typed by its document. The types are openapi-fetch's; what it does at run time
 * is done here, in a tenth of its size, because the guest's page has to stay small.
 */
export const client = {
  GET: call('GET'),
  POST: call('POST'),
  PUT: call('PUT'),
  PATCH: call('PATCH'),
  DELETE: call('DELETE')
} as unknown as Pick<Client<paths>, Method>;
