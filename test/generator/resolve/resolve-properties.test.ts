import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FeatureModel } from "../../../generator/resolve/project-model.ts";
import { arbitraryProject } from "../../oracle/arbitrary-project.ts";
import { defineFeatures } from "../../oracle/definitions.ts";
import { carriedColumns, grainColumns, joinColumns } from "../../oracle/join-columns.ts";
import {
  filesByKey,
  resolvedFeatures,
  resolveSpecs,
  type SpecObject,
} from "../../support/resolve-sources.ts";

const text = { type: "string" };
const fieldNames = ["audio", "frames", "raw/audio", "text"];

/** A sample of a feature has the id `id`; a part belongs to a sample, and has an id of its own. */
type Kind = "sample" | "part";

interface Draft {
  readonly kind: Kind;
  readonly upstream: readonly number[];
  readonly fields: readonly string[];
  readonly mapping: "default" | "all";
  readonly optional: boolean;
}

const draft: fc.Arbitrary<Draft> = fc.record({
  kind: fc.constantFrom<Kind>("sample", "part"),
  upstream: fc.uniqueArray(fc.nat(20), { maxLength: 4 }),
  fields: fc.uniqueArray(fc.constantFrom(...fieldNames), { minLength: 1 }),
  mapping: fc.constantFrom("default", "all"),
  optional: fc.boolean(),
});

/** A graph in which feature `i` depends on features before it: acyclic, and right by construction. */
const graph = fc
  .array(draft, { minLength: 1, maxLength: 12 })
  .map((drafts) => drafts.map((one, index) => specOf(one, index, drafts)));

function specOf(
  { kind, upstream, fields, mapping, optional }: Draft,
  index: number,
  drafts: readonly Draft[],
): Spec {
  const part = `part_${index}`;
  const own = {
    id: text,
    ...(kind === "part" ? { [part]: text } : {}),
    [`value_${index}`]: { type: "number" },
  };
  const usable = upstream.filter(
    (other) => other < index && (kind === "sample" || drafts[other]?.kind === "sample"),
  );
  const deps = usable.map((other, position) => ({
    feature: keyOf(other),
    optional: optional && position > 0,
    lineage: lineageOf(kind, drafts[other]?.kind, position),
    fieldsMapping: { type: mapping },
  }));
  return {
    type: "object",
    properties: own,
    required: Object.keys(own),
    feature: { key: keyOf(index), idColumns: kind === "part" ? [part] : ["id"], deps, fields },
  };
}

interface Spec extends SpecObject {
  readonly type: "object";
  readonly properties: object;
  readonly required: readonly string[];
  readonly feature: {
    readonly key: string;
    readonly idColumns: readonly string[];
    readonly deps: readonly { readonly feature: string }[];
    readonly fields: readonly string[];
  };
}

function lineageOf(kind: Kind, upstream: Kind | undefined, position: number): object {
  if (kind === "part" && position === 0) return { type: "expansion", on: ["id"] };
  return upstream === "part" ? { type: "aggregation", on: ["id"] } : { type: "identity" };
}

/** Keys whose order is not that of the indices. */
function keyOf(index: number): string {
  return `${"zyxwvutsrqpo"[index]}/f${index}`;
}

/** All that resolve says of a feature, as plain data, but for what follows from its file. */
function factsOf(feature: FeatureModel): object {
  return {
    key: feature.key,
    table: feature.table,
    name: feature.name,
    ids: feature.idColumns.map(({ name }) => name),
    joinColumns: feature.joinColumns,
    grain: feature.grain,
    deps: feature.deps.map((dep) => ({
      feature: dep.feature.key,
      lineage: dep.lineage,
      columns: dep.columns.map(({ name, source }) => [name, source.name]),
      names: [...dep.names.keys()],
    })),
    fields: feature.fields.map(({ fullName, member, parents }) => ({
      fullName,
      member,
      parents: parents.map((parent) => parent.fullName),
    })),
  };
}

describe("resolving random graphs", () => {
  it("gives the joins, columns and parents of a naive reading", () => {
    fc.assert(
      fc.property(arbitraryProject, ({ specs, hashLength }) => {
        const { project, diagnostics } = resolveSpecs(filesByKey(specs));
        expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
        const definitions = defineFeatures(specs, hashLength);
        for (const feature of project?.features ?? []) {
          const defined = definitions.get(feature.key);
          if (defined === undefined) throw new Error(`${feature.key} was not asked for`);
          expect(feature.joinColumns.toSorted()).toEqual(joinColumns(defined, definitions).toSorted());
          expect(feature.grain.toSorted()).toEqual(grainColumns(defined, definitions).toSorted());
          expect(feature.deps.map((dep) => dep.columns.map(({ name }) => name))).toEqual(
            defined.deps.map((dep) => carriedColumns(defined, dep, definitions)),
          );
          expect(feature.fields.map((field) => field.parents.map(({ fullName }) => fullName))).toEqual(
            defined.fields.map((field) => field.parents.map(({ fullName }) => fullName)),
          );
        }
      }),
      { numRuns: 200 },
    );
  });

  it("accepts what is right, upstream before downstream, each feature once", () => {
    fc.assert(
      fc.property(graph, (specs) => {
        const order = [...resolvedFeatures(specs).values()];
        expect(order.map((feature) => feature.key).sort()).toEqual(
          specs.map((spec) => spec.feature.key).sort(),
        );
        for (const [index, feature] of order.entries()) {
          for (const dep of feature.deps) expect(order.slice(0, index)).toContain(dep.feature);
          const upstreamFields = new Set(feature.deps.flatMap((dep) => dep.feature.fields));
          for (const field of feature.fields) {
            expect(field.parents.length > 0).toBe(feature.deps.length > 0);
            for (const parent of field.parents) expect(upstreamFields).toContain(parent);
          }
        }
      }),
    );
  });

  it("does not depend on the order or the names of the files", () => {
    const shuffled = graph.chain((specs) =>
      fc.record({
        specs: fc.constant(specs),
        order: fc.shuffledSubarray(specs, { minLength: specs.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ specs, order }) => {
        const renamed = Object.fromEntries(
          order.map((spec, index) => [`schemas/moved/f${index}.feature.json`, spec]),
        );
        const before = resolveSpecs(filesByKey(specs)).project;
        const after = resolveSpecs(renamed).project;
        expect(after?.features.map(factsOf)).toEqual(before?.features.map(factsOf));
      }),
    );
  });

  it("finds every cycle that one more dep closes, and prints a path that exists", () => {
    const closed = graph.filter((specs) => specs.some((spec) => spec.feature.deps.length > 0));
    fc.assert(
      fc.property(closed, (specs) => {
        const last = specs.findLast((spec) => spec.feature.deps.length > 0);
        const first = last?.feature.deps[0]?.feature;
        const cyclic = specs.map((spec) =>
          spec.feature.key === first && last !== undefined
            ? {
                ...spec,
                feature: { ...spec.feature, deps: [...spec.feature.deps, { feature: last.feature.key }] },
              }
            : spec,
        );
        const depsOf = new Map(
          cyclic.map(({ feature }) => [feature.key, feature.deps.map((dep) => dep.feature)]),
        );
        const { project, diagnostics } = resolveSpecs(filesByKey(cyclic));
        const cycles = diagnostics.flatMap((diagnostic) =>
          diagnostic.code === "dep-cycle" ? [diagnostic.facts.path] : [],
        );
        expect(project).toBeUndefined();
        expect(cycles.length).toBeGreaterThan(0);
        for (const path of cycles) {
          expect(path.at(-1)).toBe(path[0]);
          for (const [index, key] of path.slice(0, -1).entries())
            expect(depsOf.get(key)).toContain(path[index + 1]);
        }
      }),
    );
  });
});
