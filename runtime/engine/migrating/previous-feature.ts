import type { PreviousDefinition } from "../../contract.ts";
import type { AnyFeature } from "../../feature.ts";

/** A feature as it was before names changed: what reads rows of today reads those of then by it. */
export function previousFeature(feature: AnyFeature, previous: PreviousDefinition): AnyFeature {
  const { key, table, featureVersion, provenance } = previous;
  const oldKeys = feature.spec.renamedFrom?.fields ?? {};
  const fieldMembers = Object.fromEntries(
    Object.entries(previous.fieldMembers).map(([member, old]) => {
      const field = feature.plan.fieldMembers[member] ?? member;
      return [old, oldKeys[field] ?? field];
    }),
  );
  const plan =
    feature.plan.kind === "root"
      ? { ...feature.plan, fieldMembers }
      : { ...feature.plan, fieldMembers, provenance: provenance ?? {} };
  return { ...feature, key, table, featureVersion, plan };
}
