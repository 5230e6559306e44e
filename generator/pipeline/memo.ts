import { cacheKey } from "./cache-key.ts";
import type { CompileCache } from "./compile-cache.ts";

/**
 * The results of stages in earlier compiles: `memo(stage, key)` is where one of them is stored.
 *
 * A key is a text, or an object that {@link Memo.identify} gave a key: either covers all that the result depends on.
 *
 * @example
 * ```ts
 * const slot = memo("module", feature);
 * return slot.text() ?? slot.store(emitFeature(feature));
 * ```
 */
export interface Memo {
  (stage: string, key: string | object): MemoSlot;
  /** Whether a cache is behind it. */
  readonly isActive: boolean;
  /**
   * Gives an object a key: of facts that are JSON, and of objects that have a key. Facts are computed on demand. An
   * object that depends on one without a key gets none, and its results are not stored.
   */
  identify(subject: object, facts: () => readonly unknown[], on?: readonly object[]): void;
}

/** Where one result is stored. */
export interface MemoSlot {
  /** The stored text; undefined if no earlier compile stored one. */
  text(): string | undefined;
  /** What the stored text says: the same object each time while the cache is open. It must not be changed. */
  read<Value extends object>(parse: (text: string) => Value): Value | undefined;
  /** Stores a text, and returns it. */
  store(text: string): string;
}

/** Makes the memo of one compile. Every key covers `settings`, which are JSON. Without a cache it stores nothing. */
export function createMemo(cache: CompileCache | undefined, settings: readonly unknown[]): Memo {
  if (cache === undefined) return noMemo;
  const keys = new WeakMap<object, string>();
  const keyOf = (key: string | object): string | undefined =>
    typeof key === "string" ? cacheKey("text", settings, key) : keys.get(key);
  const slot = (stage: string, key: string | object): MemoSlot => {
    const known = keyOf(key);
    if (known === undefined) return emptySlot;
    const name = `${stage} ${known}`;
    return {
      text: () => cache.get(name),
      read: (parse) => cache.read(name, parse),
      store: (text) => {
        cache.set(name, text);
        return text;
      },
    };
  };
  const identify: Memo["identify"] = (subject, facts, on = []) => {
    const upstream = on.map((each) => keys.get(each));
    if (!upstream.includes(undefined)) keys.set(subject, cacheKey("object", settings, facts(), upstream));
  };
  return Object.assign(slot, { identify, isActive: true });
}

const emptySlot: MemoSlot = { text: () => undefined, read: () => undefined, store: (text) => text };

/** Stores nothing. */
export const noMemo: Memo = Object.assign(() => emptySlot, {
  identify: () => undefined,
  isActive: false,
});
