import { createRequire } from "node:module";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { traceCauses } from "../../../generator/diff/attribution/trace-causes.ts";
import { diffManifests } from "../../../generator/diff/index.ts";
import { pairProjects } from "../../../generator/diff/model/project-pair.ts";
import type { Manifest } from "../../../generator/manifest/index.ts";
import { renderNoChanges } from "../../../generator/report/describe-totals.ts";
import { renderText } from "../../../generator/report/index.ts";
import { defineFeatures } from "../../oracle/definitions.ts";
import { type EditedProject, editedProject } from "../../support/arbitrary-edits.ts";
import { compile } from "../../support/golden-diff-case.ts";
import { isSound, type ProjectSketch, specsOf } from "../../support/project-sketch.ts";
import { distinctEdits, undoEdits } from "../../support/undo-edits.ts";

interface Compiled extends EditedProject {
  readonly manifests: { readonly before: Manifest; readonly after: Manifest };
}

/** Both states compiled. Random edits often lead to a project that does not compile. */
const compiled: fc.Arbitrary<Compiled> = editedProject
  .filter(({ before, after }) => isSound(before) && isSound(after) && Object.keys(after).length > 0)
  .map((edited) => ({ edited, before: tryCompile(edited.before), after: tryCompile(edited.after) }))
  .filter(({ before, after }) => before !== undefined && after !== undefined)
  .map(({ edited, before, after }) => ({
    ...edited,
    manifests: { before: before as Manifest, after: after as Manifest },
  }));

function tryCompile(project: ProjectSketch): Manifest | undefined {
  try {
    return compile(
      Object.fromEntries(
        specsOf(project).map((spec, index) => [`schemas/${index}.feature.json`, JSON.stringify(spec)]),
      ),
      64,
    );
  } catch {
    return undefined;
  }
}

/** Versions of all fields, computed a second time; none where a state would not compile. */
function versionsOf(project: ProjectSketch): ReadonlyMap<string, string> | undefined {
  if (!isSound(project)) return undefined;
  const features = [...defineFeatures(specsOf(project), 64).values()];
  const isFed = features.every(
    ({ deps, fields }) => deps.length === 0 || fields.every(({ parents }) => parents.length > 0),
  );
  const fields = features.flatMap((feature) => feature.fields);
  return isFed ? new Map(fields.map(({ fullName, version }) => [fullName, version])) : undefined;
}

describe("causes of random edits", () => {
  it("restore a version when all are undone, and do not when one is left", () => {
    let undoings = 0;
    let uncompiled = 0;
    fc.assert(
      fc.property(compiled, (project) => {
        const { before, after } = project.manifests;
        const causes = traceCauses(pairProjects(before, after));
        for (const [name, traces] of causes) {
          const [feature = "", field = ""] = name.split(".");
          const old = before.features[feature]?.fields[field]?.version;
          expect(old).toBe(versionsOf(project.before)?.get(name));
          const edits = distinctEdits(traces.map(({ edit }) => edit));
          const restored = versionsOf(undoEdits(project, edits));
          undoings += 1;
          if (restored === undefined) uncompiled += 1;
          else expect(restored.get(name)).toBe(old);
          for (const left of edits) {
            const others = edits.filter((edit) => edit !== left);
            expect(versionsOf(undoEdits(project, others))?.get(name)).not.toBe(old);
          }
        }
      }),
      { numRuns: 400 },
    );
    expect(undoings).toBeGreaterThan(200);
    expect(uncompiled / undoings).toBeLessThan(0.1);
  });

  it("are named for moved fields, and for no others", () => {
    fc.assert(
      fc.property(compiled, ({ manifests: { before, after } }) => {
        const diff = diffManifests(before, after);
        expect(diff.causes).toEqual([]);
        for (const field of diff.features.flatMap(({ fields }) => fields)) {
          const isMoved =
            field.before !== undefined && field.after !== undefined && field.before !== field.after;
          expect(field.causes.length > 0).toBe(isMoved);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("the diff of random edits", () => {
  const schema: object = createRequire(import.meta.url)("../../../schemas/diff.schema.json");
  const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema);

  it("has the published shape, and totals that add up", () => {
    fc.assert(
      fc.property(compiled, ({ manifests: { before, after } }) => {
        const diff = diffManifests(before, after, new Map(), { base: { ref: "main", mergeBase: "3f2c1ab" } });
        const json: unknown = JSON.parse(JSON.stringify(diff));
        expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
        expect(json).toEqual(diff);
        for (const [status, count] of Object.entries(diff.totals.features)) {
          expect(diff.features.filter((feature) => feature.status === status)).toHaveLength(count);
        }
        const fields = diff.features.flatMap((feature) => feature.fields);
        for (const [status, count] of Object.entries(diff.totals.fields)) {
          expect(fields.filter((field) => field.status === status)).toHaveLength(count);
        }
        const keys = new Set([...Object.keys(before.features), ...Object.keys(after.features)]);
        expect(new Set(diff.features.map(({ key }) => key))).toEqual(keys);
        expect(diff.features).toHaveLength(keys.size);
      }),
      { numRuns: 200 },
    );
  });

  it("tells something of every feature whose definition moved, and nothing of what stayed", () => {
    fc.assert(
      fc.property(compiled, ({ manifests: { before, after } }) => {
        for (const feature of diffManifests(before, after).features) {
          const was = before.features[feature.key]?.definitionVersion;
          const is = after.features[feature.key]?.definitionVersion;
          if (was !== is) expect(feature.changes).not.toEqual([]);
          if (feature.status === "unchanged") expect(was).toBe(is);
          const moved = feature.before?.featureVersion !== feature.after?.featureVersion;
          if (moved && feature.after !== undefined) expect(feature.recompute).toBe("all");
        }
      }),
      { numRuns: 200 },
    );
  });

  it("is the same in the other direction, but for its direction", () => {
    const mirrored = { added: "removed", removed: "added", direct: "direct", indirect: "indirect" };
    fc.assert(
      fc.property(compiled, ({ manifests: { before, after } }) => {
        const [there, back] = [diffManifests(before, after), diffManifests(after, before)];
        for (const [index, feature] of there.features.entries()) {
          const other = back.features[index];
          expect(other?.key).toBe(feature.key);
          const presence = mirrored[feature.status as keyof typeof mirrored];
          if (presence === "added" || presence === "removed") expect(other?.status).toBe(presence);
          expect(other?.before).toEqual(feature.after);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("of a state with itself is printed alike without a diff", () => {
    fc.assert(
      fc.property(compiled, ({ manifests: { after } }) => {
        const diff = diffManifests(after, after);
        expect(renderNoChanges(after, "against main")).toBe(
          renderText(diff, { color: false, base: "against main", brief: true }),
        );
        expect(renderNoChanges(after, undefined)).toBe(renderText(diff, { color: false }));
      }),
      { numRuns: 100 },
    );
  });

  it("gives each change a fingerprint of its own", () => {
    fc.assert(
      fc.property(compiled, ({ manifests: { before, after } }) => {
        const { features } = diffManifests(before, after);
        const fingerprints = features.flatMap(({ changes }) => changes.map(({ fingerprint }) => fingerprint));
        expect(new Set(fingerprints).size).toBe(fingerprints.length);
      }),
      { numRuns: 200 },
    );
  });
});
