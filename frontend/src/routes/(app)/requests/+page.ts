export const load = ({ url }) => ({ search: url.searchParams });
