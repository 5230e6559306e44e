import { isSame } from "../is-same.ts";
import { isSameHash, type KeptFeature, type ProjectPair } from "../project-pair.ts";
import { type PartOfSpec, property, wholeFeature } from "../spec-places.ts";
import { columnChanges } from "./column-changes.ts";
import { depChanges, type States } from "./dep-changes.ts";
import { fieldChanges } from "./field-changes.ts";
import { type FoundChange, hasSameNames, listed } from "./found-change.ts";

/** What was edited in the spec of a feature that both states have. */
export function featureChanges(feature: KeptFeature, project: ProjectPair, states: States): FoundChange[] {
  const changes = [
    ...renamings(feature),
    ...moduleChanges(feature),
    ...idChanges(feature),
    ...depChanges(feature, states),
    ...fieldChanges(feature, project),
    ...columnChanges(feature, project.renames.columns.get(feature.key)),
  ];
  const { definitionVersion: from } = feature.before;
  const { definitionVersion: to } = feature.after;
  if (changes.length > 0 || isSameHash(from, to)) return changes;
  return [{ rule: "definition", part: wholeFeature, evidence: to }];
}

function renamings({ key, renamed, before, after }: KeptFeature): FoundChange[] {
  if (renamed === undefined) return [];
  const detail = before.name === after.name ? {} : { detail: `${before.name}, ${after.name}` };
  const { from, isDeclared } = renamed;
  return [{ rule: "feature-renamed", from, to: key, isDeclared, ...detail, part: wholeFeature }];
}

function moduleChanges({ before, after, renamed }: KeptFeature): FoundChange[] {
  const changes: FoundChange[] = [];
  // The export follows the key: a renamed feature says so itself.
  if (before.name !== after.name && renamed === undefined) {
    const part: PartOfSpec = (spec) => (hasTitle(spec) ? ["title"] : ["feature", "key"]);
    changes.push({ rule: "export-renamed", from: before.name, to: after.name, part });
  }
  if (before.module !== after.module) {
    changes.push({ rule: "module-moved", from: before.module, to: after.module, part: wholeFeature });
  }
  const [wasRoot, isRoot] = [before.deps.length === 0, after.deps.length === 0];
  if (wasRoot !== isRoot) {
    const [from, to] = wasRoot ? ["root", "derived"] : ["derived", "root"];
    changes.push({ rule: "root-changed", from, to, part: property("feature", "deps") });
  }
  return changes;
}

function hasTitle(spec: unknown): boolean {
  return typeof spec === "object" && spec !== null && "title" in spec;
}

function idChanges({ before, after }: KeptFeature): FoundChange[] {
  if (isSame(before.idColumns, after.idColumns)) return [];
  const rule = hasSameNames(before.idColumns, after.idColumns) ? "id-column-order" : "id-columns";
  const part = property("feature", "idColumns");
  return [{ rule, from: listed(before.idColumns), to: listed(after.idColumns), part }];
}
