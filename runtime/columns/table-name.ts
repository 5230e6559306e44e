/** Name of the table of a feature: key parts with `-` → `_`, joined by `__`. */
export function tableOf(key: string): string {
  return key.replaceAll("-", "_").replaceAll("/", "__");
}

/** Whether a text can be the key of a feature. */
export function isFeatureKey(text: string): boolean {
  return !text.includes("__") && /^[a-z_][a-z0-9_-]*(\/[a-z0-9_][a-z0-9_-]*)*$/.test(text);
}
