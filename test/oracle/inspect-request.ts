import { type FilterRecipe, filterOn } from "./arbitrary-filter.ts";
import type { InspectStep } from "./arbitrary-steps.ts";
import type { Definitions, FeatureDefinition } from "./definitions.ts";
import type { NaiveIncrement, ResolveRequest } from "./increments.ts";
import { OracleError } from "./oracle-error.ts";
import { keyOf, type Row } from "./row.ts";
import { digest, outputsFor } from "./worker-outputs.ts";

/** The resolve that a step asks for. `unfiltered` is all that the feature's upstreams bring, for samples made from it. */
export function inspectRequest(
  step: InspectStep,
  plain: ResolveRequest,
  feature: FeatureDefinition,
  definitions: Definitions,
  unfiltered: NaiveIncrement | OracleError,
): ResolveRequest {
  const columns = Object.keys(feature.spec.properties);
  const upstreams = feature.deps.map((dep) => dep.feature);
  const upstream = upstreams[step.upstream % upstreams.length];
  const everywhere = columns.filter((column) =>
    upstreams.every((key) => columnsOf(key, definitions).includes(column)),
  );
  const ownFilters = {
    ...entry(upstream, filterList(columnsOf(upstream, definitions), step.upstreamFilter)),
    ...entry(feature.key, filterList(columns, step.ownFilter)),
  };
  return {
    ...plain,
    ...entry("filters", Object.keys(ownFilters).length > 0 ? ownFilters : undefined),
    ...entry("targetFilters", filterList(columns, step.targetFilter)),
    ...entry("globalFilters", filterList(everywhere, step.globalFilter)),
    ...entry(
      "staleIf",
      step.staleIf.flatMap((recipe) => filterList(columns, recipe) ?? []),
    ),
    ...entry("skipComparison", step.skipComparison || undefined),
    ...entry("samples", plain.samples ?? replacementSamples(step.samples, feature, unfiltered)),
  };
}

/** Samples of a feature with deps, one per unit of work: two thirds of what is expected, half with a made-up provenance. */
function replacementSamples(
  choice: number | undefined,
  feature: FeatureDefinition,
  unfiltered: NaiveIncrement | OracleError,
): readonly Row[] | undefined {
  if (choice === undefined || unfiltered instanceof OracleError) return undefined;
  const { grain } = unfiltered;
  const outputs = outputsFor(feature, unfiltered.new, grain, { seed: choice, ownDataVersions: false });
  const onePerWorkItem = [...new Map(outputs.map((row) => [keyOf(row, grain), row])).values()];
  return onePerWorkItem.flatMap((row) => {
    const chance = digest(choice, keyOf(row, grain)) % 3;
    const madeUp = Object.fromEntries(feature.fields.map(({ member }) => [member, `made up ${member}`]));
    if (chance === 0) return [];
    return [chance === 1 ? row : { ...row, metaxy_provenance_by_field: madeUp }];
  });
}

function filterList(columns: readonly string[], recipe: FilterRecipe | undefined): string[] | undefined {
  const filter = recipe === undefined ? undefined : filterOn(columns, recipe);
  return filter === undefined ? undefined : [filter];
}

function columnsOf(key: string | undefined, definitions: Definitions): string[] {
  return Object.keys(definitions.get(key ?? "")?.spec.properties ?? {});
}

function entry(key: string | undefined, value: unknown): object {
  return key === undefined || value === undefined ? {} : { [key]: value };
}
