import { t } from './field_error_messages.ts';
import { sentence } from './words.ts';

const messages: Partial<Record<string, string>> = t;

/** The text for the code of a field's problem, else what the server said. */
export const fieldMessage = ({ code, message }: { code?: string; message: string }): string =>
  (code && messages[code]) ?? sentence(message);
