/** One page of a list, as every list of the contract answers. */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
  total: number;
}
