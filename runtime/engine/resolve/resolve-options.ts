import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { ResolveOptions } from "../../resolving.ts";
import type { Filter } from "../../store.ts";
import { filterTexts } from "../tables/bind-filters.ts";

/** Options of a resolve, whatever the types of the feature. */
export type AnyResolveOptions = ResolveOptions<AnyFeature>;

/** Filters on the rows of an upstream. */
export function upstreamFilters(options: AnyResolveOptions, key: string): string[] {
  return [...filterTexts(options.globalFilters), ...filtersByKey(options, key)];
}

/** Filters on the target's stored rows, and on samples. */
export function targetFilters(options: AnyResolveOptions, key: string): string[] {
  return [...upstreamFilters(options, key), ...filterTexts(options.targetFilters)];
}

function filtersByKey(options: AnyResolveOptions, key: string): readonly string[] {
  const filters: { readonly [feature: string]: Filter | undefined } = options.filters ?? {};
  return filterTexts(filters[key]);
}

/** Whether a resolve is the plain one, whose outcome can be remembered and recalled. */
export function isUnfiltered(options: AnyResolveOptions): boolean {
  const {
    samples,
    staleIf,
    skipComparison,
    filters,
    globalFilters,
    targetFilters: onTarget,
    fullRefresh,
  } = options;
  const filtered = [...Object.values(filters ?? {}), globalFilters, onTarget, staleIf].some(
    (filter) => filterTexts(filter).length > 0,
  );
  return samples === undefined && !filtered && skipComparison !== true && fullRefresh !== true;
}

/** Refuses options that don't exist, and filters on features that are not read. */
export function assertOptions(feature: AnyFeature, options: AnyResolveOptions): void {
  const unknown = Object.keys(options).find((option) => !knownOptions.has(option));
  if (unknown !== undefined) {
    throw new InputError(
      "unknown-option",
      `resolve has no option ${JSON.stringify(unknown)}. It takes ${[...knownOptions].join(", ")}.`,
      { option: unknown },
    );
  }
  const known = [...feature.spec.deps.map((dep) => dep.feature), feature.key];
  const unexpected = Object.keys(options.filters ?? {}).find((key) => !known.includes(key));
  if (unexpected !== undefined) {
    throw new InputError(
      "unknown-feature",
      `filters names ${JSON.stringify(unexpected)}, which ${feature.key} does not depend on. It takes ${known.join(", ")}.`,
      { feature: feature.key, filter: unexpected },
    );
  }
}

const knownOptions: ReadonlySet<string> = new Set<keyof AnyResolveOptions>([
  "samples",
  "filters",
  "globalFilters",
  "targetFilters",
  "staleIf",
  "skipComparison",
  "fullRefresh",
  "lenient",
  "excludeFailed",
  "signal",
]);
