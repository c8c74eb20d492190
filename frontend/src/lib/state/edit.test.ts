import { describe, expect, test, vi } from 'vitest';
import { ApiError, type FieldConflict } from '../api/errors.ts';
import { Edit } from './edit.svelte.ts';

const V1 = '2026-11-01T10:00:00Z';
const V2 = '2026-11-01T10:05:00Z';
const row = { updated_at: V1, label: 'Family', max_uses: 3, server_ids: ['a', 'b'] };

const refusal = (conflicts: FieldConflict[]) =>
  new ApiError(409, 'edit_conflict', 'Changed.', [], null, null, { conflicts, updated_at: V2 });

describe('an edit of a row that others may change', () => {
  test('is sent with the version it is based on', async () => {
    const send = vi.fn(async () => row);
    await new Edit(row).save({ label: 'Friends' }, send);
    expect(send).toHaveBeenCalledExactlyOnceWith({ label: 'Friends', expected_updated_at: V1 });
  });

  test('is saved over a newer version where only other fields were changed', async () => {
    const error = refusal([{ field: 'label', sent: 'Friends', current: 'Family' }]);
    const send = vi.fn(async () => row).mockRejectedValueOnce(error);
    await new Edit(row).save({ label: 'Friends' }, send);
    expect(send).toHaveBeenLastCalledWith({ label: 'Friends', expected_updated_at: V2 });
  });

  test('is no conflict where both entered the same', async () => {
    const error = refusal([{ field: 'server_ids', sent: ['b'], current: ['b'] }]);
    expect(new Edit(row).conflictsIn(error)).toEqual([]);
  });

  test('is refused where a field has two new values, and nothing is sent again', async () => {
    const error = refusal([{ field: 'max_uses', sent: 4, current: 7 }]);
    const send = vi.fn(async () => row).mockRejectedValue(error);
    const edit = new Edit(row);
    await expect(edit.save({ max_uses: 4 }, send)).rejects.toBe(error);
    expect(send).toHaveBeenCalledOnce();
    expect(edit.conflictsIn(error)).toEqual([{ field: 'max_uses', sent: 4, current: 7 }]);
  });

  test('replaces what the others saved when asked to', async () => {
    const error = refusal([{ field: 'max_uses', sent: 4, current: 7 }]);
    const send = vi.fn(async () => row);
    const edit = new Edit(row);
    edit.overwrite(error);
    await edit.save({ max_uses: 4 }, send);
    expect(send).toHaveBeenCalledWith({ max_uses: 4, expected_updated_at: V2 });
  });

  test('takes over what the others saved', () => {
    const error = refusal([{ field: 'max_uses', sent: 4, current: 7 }]);
    const edit = new Edit(row);
    expect(edit.adopt(error)).toEqual(['max_uses']);
    expect(edit.row).toEqual({ ...row, max_uses: 7, updated_at: V2 });
  });

  test('does not end in a loop with a row that changes all the time', async () => {
    const error = refusal([{ field: 'label', sent: 'Friends', current: 'Family' }]);
    const send = vi.fn(async () => row).mockRejectedValue(error);
    await expect(new Edit(row).save({ label: 'Friends' }, send)).rejects.toBe(error);
    expect(send).toHaveBeenCalledTimes(3);
  });
});
