import type { Lineage } from "../../runtime/contract.ts";
import { columnsOf, lineageRules } from "../resolve/lineage-rules.ts";
import type { DepModel, FeatureModel } from "../resolve/project-model.ts";

/** Says what a row of a feature is, and from which upstream rows it comes. */
export function describeFeature(feature: FeatureModel): string {
  const row = `${code(feature.key)}: one row per ${listed(feature.spec.idColumns.map(code))}`;
  const origins = feature.deps.map((dep) => origin[dep.lineage.type](dep));
  return wrapped(
    origins.length === 0
      ? `${row}. A root: its samples come from the caller.`
      : `${row}, ${listed(origins)}.`,
  );
}

/** Says what a row of an increment is. */
export function describeInput(feature: FeatureModel): string {
  const [dep, ...others] = feature.deps;
  if (dep === undefined) return "";
  const groups = feature.deps.some(({ lineage }) => lineageRules[lineage.type].workItem === "group");
  const shared = groups ? ` All rows of one ${listed(feature.grain.map(code))} carry the same versions.` : "";
  if (others.length === 0) return wrapped(`A row of ${code(dep.feature.key)} as it arrives.${shared}`);
  const keys = feature.deps.map((each) => code(each.feature.key));
  const optional = feature.deps.filter((each) => each.optional).map((each) => code(each.feature.key));
  const absent =
    optional.length > 0 ? ` What comes from ${listed(optional, "or")} is null where it has no row.` : "";
  const joined = `A row of ${listed(keys)} as it arrives, joined on ${listed(feature.joinColumns.map(code))}.`;
  return wrapped(joined + absent + shared);
}

const origin: { readonly [kind in Lineage["type"]]: (dep: DepModel) => string } = {
  identity: (dep) => `from its ${code(dep.feature.key)} row${ifAny(dep, "is one")} (1:1)`,
  aggregation: (dep) => `from all its ${code(dep.feature.key)} rows${ifAny(dep, "are any")} (N:1${on(dep)})`,
  expansion: (dep) => `several from each ${code(dep.feature.key)} row (1:N${on(dep)})`,
};

function ifAny({ optional }: DepModel, are: string): string {
  return optional ? ` if there ${are}` : "";
}

function on({ lineage }: DepModel): string {
  const columns = columnsOf(lineage);
  return columns.length === 0 ? "" : ` on ${listed(columns.map(code))}`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function listed(items: readonly string[], conjunction = "and"): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${conjunction} ${items.at(-1)}`;
}

/** Breaks a long text between words. */
function wrapped(text: string): string {
  return text.length <= proseWidth
    ? text
    : text.replace(new RegExp(`(.{1,${proseWidth}})(?: |$)`, "g"), "$1\n");
}

/** Leaves room for what surrounds a comment. */
const proseWidth = 100;
