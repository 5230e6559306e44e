import { isSame } from "../model/is-same.ts";
import { type FeatureInBoth, isSameHash, type ProjectPair } from "../model/project-pair.ts";
import { featurePath, propertyPath, type SpecPath } from "../model/spec-paths.ts";
import { columnChanges } from "./column-changes.ts";
import { depChanges, type States } from "./dep-changes.ts";
import { fieldChanges } from "./field-changes.ts";
import { hasSameNames, joinNames, type RawChange } from "./raw-change.ts";

/** The edits of the spec of a feature that both states have. */
export function featureChanges(feature: FeatureInBoth, project: ProjectPair, states: States): RawChange[] {
  const changes = [
    ...featureRenames(feature),
    ...moduleChanges(feature),
    ...idChanges(feature),
    ...depChanges(feature, states),
    ...fieldChanges(feature, project),
    ...columnChanges(feature, project.renames.columns.get(feature.key)),
  ];
  const { definitionVersion: from } = feature.before;
  const { definitionVersion: to } = feature.after;
  if (changes.length > 0 || isSameHash(from, to)) return changes;
  return [{ rule: "definition", specPath: featurePath, discriminator: to }];
}

function featureRenames({ key, renamed, before, after }: FeatureInBoth): RawChange[] {
  if (renamed === undefined) return [];
  const detail = before.name === after.name ? {} : { detail: `${before.name}, ${after.name}` };
  const { from, isDeclared } = renamed;
  return [{ rule: "feature-renamed", from, to: key, isDeclared, ...detail, specPath: featurePath }];
}

function moduleChanges({ before, after, renamed }: FeatureInBoth): RawChange[] {
  const changes: RawChange[] = [];
  // The export is named after the key: a renamed feature reports it.
  if (before.name !== after.name && renamed === undefined) {
    const specPath: SpecPath = (spec) => (hasTitle(spec) ? ["title"] : ["feature", "key"]);
    changes.push({ rule: "export-renamed", from: before.name, to: after.name, specPath });
  }
  if (before.module !== after.module) {
    changes.push({ rule: "module-moved", from: before.module, to: after.module, specPath: featurePath });
  }
  const [wasRoot, isRoot] = [before.deps.length === 0, after.deps.length === 0];
  if (wasRoot !== isRoot) {
    const [from, to] = wasRoot ? ["root", "derived"] : ["derived", "root"];
    changes.push({ rule: "root-derived-changed", from, to, specPath: propertyPath("feature", "deps") });
  }
  return changes;
}

function hasTitle(spec: unknown): boolean {
  return typeof spec === "object" && spec !== null && "title" in spec;
}

function idChanges({ before, after }: FeatureInBoth): RawChange[] {
  if (isSame(before.idColumns, after.idColumns)) return [];
  const rule = hasSameNames(before.idColumns, after.idColumns) ? "id-column-order" : "id-columns";
  const specPath = propertyPath("feature", "idColumns");
  return [{ rule, from: joinNames(before.idColumns), to: joinNames(after.idColumns), specPath }];
}
