/** How severe a diagnostic or a change is, the most severe first. */
export const severities = ["error", "warning", "info"] as const;

/** `error`: it stops generation, breaks code or costs much; `warning`: it is easily overlooked; `info`: the rest. */
export type Severity = (typeof severities)[number];
