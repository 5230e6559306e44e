/**
 * What earlier compiles found out, by a key that is made of all that it depends on.
 *
 * It may forget at any time, and holds nothing but what a compile would find out again: output never depends on it.
 */
export interface CompileCache {
  get(key: string): string | undefined;
  set(key: string, text: string): void;
  /** What the text of a key says: the same object each time, as long as the cache is open, so that it must stay as it is. */
  read<Value extends object>(key: string, read: (text: string) => Value): Value | undefined;
}
