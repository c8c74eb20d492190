import { t } from './error_messages.ts';

interface Failure {
  message: string;
  code?: string;
}

const messages: Partial<Record<string, string>> = t;

/** What to show of a failed call: the text for its code, else what the server said. */
export const errorMessage = ({ code, message }: Failure): string =>
  (code && messages[code]) ?? message;
