import type { RenamedFrom } from "../../runtime/contract.ts";
import type { FeatureSpec } from "./feature-spec.ts";

/** What a spec says that was called otherwise; undefined where nothing was. */
export function renamedFromOf({ properties, feature }: FeatureSpec): RenamedFrom | undefined {
  const columns = Object.entries(properties).map(([name, { renamedFrom }]) => [name, renamedFrom] as const);
  const fields = (feature.fields ?? []).map((field) =>
    typeof field === "string" ? ([field, undefined] as const) : ([field.key, field.renamedFrom] as const),
  );
  const renamedFrom = {
    ...(feature.renamedFrom === undefined ? {} : { feature: feature.renamedFrom }),
    ...partOf("fields", fields),
    ...partOf("columns", columns),
  };
  return Object.keys(renamedFrom).length === 0 ? undefined : renamedFrom;
}

function partOf(
  part: "fields" | "columns",
  names: readonly (readonly [name: string, from: string | undefined])[],
): RenamedFrom {
  const renamed = names.flatMap(([name, from]) => (from === undefined ? [] : [[name, from] as const]));
  return renamed.length === 0 ? {} : { [part]: Object.fromEntries(renamed) };
}
