export { cacheKey } from "./cache-key.ts";
export type { CompileCache } from "./compile-cache.ts";
export type { CompileOptions, GeneratedFile } from "./compile-options.ts";
export { createMemo, type Memo, type MemoSlot, noMemo } from "./memo.ts";
