import type { Severity } from "../diagnostics/severity.ts";
import type { FeatureDiff, FeatureStatus, VersionDiff } from "../diff/index.ts";

/**
 * The status of a feature as it is printed. `projectWide`: a setting of the project changed its version, no edit of a
 * feature; `unexplained`: none of the inputs of its versions changed.
 */
export type DisplayStatus = FeatureStatus | "projectWide" | "unexplained";

/** How a status is printed. */
export interface StatusDisplay {
  /** In front of a feature in the terminal. */
  readonly symbol: string;
  /** At a feature, in the terminal and in graphs. */
  readonly label: string;
  /** Behind a number in the totals. */
  readonly total: string;
  /** Above a list of features. */
  readonly title: string;
  /** Style of a node in graphs. The fill has a text colour, so that both are readable on light and dark pages. */
  readonly graphStyle: string;
}

const indirectStyle = "fill:#ddf4ff,stroke:#0969da,color:#1f2328";

/** Every status, the most direct first: in this order features are listed and counted. */
export const statusDisplays: Readonly<Record<DisplayStatus, StatusDisplay>> = {
  direct: {
    symbol: "~",
    label: "direct",
    total: "changed directly",
    title: "Changed directly",
    graphStyle: "fill:#fff3c4,stroke:#bf8700,stroke-width:3px,color:#1f2328",
  },
  indirect: {
    symbol: "~",
    label: "indirect",
    total: "changed indirectly",
    title: "Changed indirectly",
    graphStyle: indirectStyle,
  },
  projectWide: {
    symbol: "~",
    label: "project-wide",
    total: "changed project-wide",
    title: "Changed project-wide",
    graphStyle: indirectStyle,
  },
  unexplained: {
    symbol: "~",
    label: "no spec edit",
    total: "changed without a spec edit",
    title: "Changed without a spec edit",
    graphStyle: indirectStyle,
  },
  added: {
    symbol: "+",
    label: "added",
    total: "added",
    title: "Added",
    graphStyle: "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
  },
  removed: {
    symbol: "-",
    label: "removed",
    total: "removed",
    title: "Removed",
    graphStyle: "fill:#ffebe9,stroke:#cf222e,stroke-dasharray:6 4,color:#1f2328",
  },
  metadataOnly: {
    symbol: "=",
    label: "metadata only",
    total: "metadata only",
    title: "Metadata only",
    graphStyle: "fill:#f6f8fa,stroke:#818b98,color:#59636e",
  },
  unchanged: {
    symbol: "=",
    label: "unchanged",
    total: "unchanged",
    title: "Unchanged",
    graphStyle: "fill:#f6f8fa,stroke:#d1d9e0,color:#59636e",
  },
};

/** Every status, the most direct first. */
export const displayStatuses = Object.keys(statusDisplays) as readonly DisplayStatus[];

/** Distinguishes features that an upstream edit changed from those that changed without an edit. */
export function displayStatus(feature: FeatureDiff, { causes }: Pick<VersionDiff, "causes">): DisplayStatus {
  const { status, fields, changes } = feature;
  const hasOwnCause =
    changes.some(({ rule }) => rule !== "definition") || fields.some((field) => field.causes.length > 0);
  if (status !== "indirect" || hasOwnCause) return status;
  const rules = new Set(causes.map(({ rule }) => rule));
  if (rules.has("hash-length")) return "projectWide";
  return rules.has("version-formula") ? "unexplained" : status;
}

/** The changed features, the most direct first; indirect ones by their distance from an edit. */
export function mostDirectFirst(features: readonly FeatureDiff[]): FeatureDiff[] {
  const ranked = features
    .filter(({ status }) => status !== "unchanged")
    .map((feature) => ({
      feature,
      rank: displayStatuses.indexOf(feature.status),
      distance: distanceFromEdit(feature),
    }));
  // The sort is stable: features of one rank keep the order of their keys.
  return ranked.sort((a, b) => a.rank - b.rank || a.distance - b.distance).map(({ feature }) => feature);
}

function distanceFromEdit({ status, fields }: FeatureDiff): number {
  if (status !== "indirect") return 0;
  const lengths = fields.flatMap(({ causes }) => causes.map(({ path }) => path.length));
  return lengths.reduce((least, length) => Math.min(least, length), Number.MAX_SAFE_INTEGER);
}

/** How a severity is printed. */
export interface SeverityDisplay {
  /** In Markdown. */
  readonly icon: string;
  /** The level of an annotation on GitHub. */
  readonly annotation: "error" | "warning" | "notice";
}

/** Every severity. */
export const severityDisplays: Readonly<Record<Severity, SeverityDisplay>> = {
  error: { icon: "❌", annotation: "error" },
  warning: { icon: "⚠️", annotation: "warning" },
  info: { icon: "ℹ️", annotation: "notice" },
};
