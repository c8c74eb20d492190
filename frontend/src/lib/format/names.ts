/** "unwatched_titles" and "sync-libraries" as a person would write them. */
export function humanize(name: string): string {
  const text = name.replaceAll(/[_.-]+/g, ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
