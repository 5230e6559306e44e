/** Forms in which a version diff is printed. */
export const diffFormats = ["text", "markdown", "json", "mermaid", "github"] as const;

/** See {@link diffFormats}. */
export type DiffFormat = (typeof diffFormats)[number];
