import { createRequire } from "node:module";

// An import would load all that `node:crypto` has, which takes 50 ms: a sixth of what a command may take.
const { hash }: typeof import("node:crypto") = createRequire(import.meta.url)("node:crypto");

/** The SHA-256 of bytes, or of a text in UTF-8: lower-case hex, or 43 characters of base64. */
export function sha256(content: string | Uint8Array, encoding: "hex" | "base64url" = "hex"): string {
  return hash("sha256", content, encoding);
}
