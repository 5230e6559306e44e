import type { Feature, FeatureTypes, Plan } from "../../runtime/contract.ts";
import type { AssembleModule } from "./assemble-module.ts";
import type { PrintTypes } from "./column-types.ts";
import { describeFeature } from "./describe-feature.ts";
import { docComment } from "./doc-comment.ts";
import type { EmittedFeature } from "./emitted-feature.ts";
import { featureInterfaces } from "./feature-interfaces.ts";
import { header } from "./header.ts";
import { printValue, SqlText, type Value } from "./print-value.ts";

/** What prints the parts of a module that others' tools print. */
export interface ModuleTools {
  readonly printTypes: PrintTypes;
  readonly assemble: AssembleModule;
}

/** The text of a feature's module. It depends on nothing but the feature and the facts of its upstreams. */
export async function emitFeature(feature: EmittedFeature, tools: ModuleTools): Promise<string> {
  const { model, value } = feature;
  const declared = await tools.assemble({
    header: header(model.spec.document.file, "spec"),
    typeImport: { name: "Feature", from: "stemma" },
    interfaces: await featureInterfaces(feature, tools.printTypes),
  });
  const lines = [
    declared,
    ...docComment(describeFeature(model)),
    `export const ${model.name}: Feature<${model.name}Types> = ${printFeature(value)};`,
  ];
  return `${lines.join("\n")}\n`;
}

/** The value, and each of its direct members, over several lines; what is below on one where it fits. */
const spreadLevels = 2;

function printFeature({ plan, ...facts }: Feature<FeatureTypes>): string {
  return printValue({ ...facts, plan: withSql(plan) }, spreadLevels);
}

function withSql(plan: Plan): Value {
  if (plan.kind === "root") return plan;
  const sql = Object.entries(plan.sql).map(([engine, { lineageInputs, provenance, inputRows }]) => [
    engine,
    { lineageInputs: new SqlText(lineageInputs), provenance, inputRows: new SqlText(inputRows) },
  ]);
  return { ...plan, sql: Object.fromEntries(sql) };
}
