/** The items whose bit is set. */
export function selectByMask<T>(items: readonly T[], mask: number): T[] {
  return items.filter((_, index) => (mask & (1 << index)) !== 0);
}
