export { cacheKey } from "./cache-key.ts";
export type { CompileCache } from "./compile-cache.ts";
