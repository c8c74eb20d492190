const CHANGES = ['POST', 'PUT', 'PATCH', 'DELETE'];

// A change made with the session cookie needs the token that belongs to it.
async function withCsrfToken(request) {
  if (!CHANGES.includes(request.method) || request.headers.Authorization) return request;
  const session = await fetch('/api/v1/session');
  if (session.ok) request.headers['X-CSRF-Token'] = (await session.json()).csrf_token;
  return request;
}

SwaggerUIBundle({
  url: '/docs/openapi.json',
  dom_id: '#swagger',
  deepLinking: true,
  validatorUrl: null,
  requestInterceptor: withCsrfToken,
});
