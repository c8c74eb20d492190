export const load = ({ url }) => ({ adding: url.searchParams.has('add') });
