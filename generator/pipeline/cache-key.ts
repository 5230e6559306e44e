import { sha256 } from "./sha256.ts";

/** The key under which a kind of text is kept that depends on `facts`, which are JSON, and on nothing else. */
export function cacheKey(kind: string, ...facts: readonly unknown[]): string {
  return `${kind} ${sha256(JSON.stringify(facts), "base64url")}`;
}
