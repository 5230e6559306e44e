/**
 * What earlier compiles found out, by a key that is made of all that it depends on.
 *
 * It may forget at any time, and holds nothing but what a compile would find out again: output never depends on it.
 */
export interface CompileCache {
  get(key: string): string | undefined;
  set(key: string, text: string): void;
}
