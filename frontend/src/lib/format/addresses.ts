/** The server repairs what is missing, as the scheme; here only what can be no address is found. */
export const isAddress = (text: string): boolean =>
  parsed(text) !== null && !/^(?!https?:)[a-z]+:\/\//i.test(text);

const hasScheme = (address: string): boolean => /^[a-z]+:\/\//i.test(address.trim());
const parsed = (address: string): URL | null =>
  URL.parse(hasScheme(address) ? address.trim() : `http://${address.trim()}`);

/** A key that was made for one host is not sent to another: it must be typed again. */
export function leavesHost(from: string, to: string): boolean {
  const [one, other] = [parsed(from), parsed(to)];
  return hasScheme(to) ? one?.origin !== other?.origin : one?.host !== other?.host;
}
