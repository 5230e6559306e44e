import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryProject } from "../../oracle/arbitrary-project.ts";
import { type RenameRecipe, renameSpecs } from "../../oracle/rename-specs.ts";
import { buildSpec, text } from "../../support/build-spec.ts";
import { loadProject } from "../../support/load-project.ts";

const seed = Number(process.env["STEMMA_SEED"] ?? Date.now() % 2 ** 31);

const arbitraryRenames: fc.Arbitrary<RenameRecipe> = fc.record({
  masks: fc.array(fc.oneof(fc.constant(0), fc.nat(15)), { minLength: 6, maxLength: 6 }),
  prefix: fc.constantFrom("a/", "zz-"),
});

describe("the previous definition of a feature", () => {
  it(`is what its spec without the renames compiles to (STEMMA_SEED=${seed})`, () => {
    let changed = 0;
    fc.assert(
      fc.property(arbitraryProject, arbitraryRenames, ({ specs, hashLength }, recipe) => {
        const before = Object.values(loadProject(specs, { hashLength }));
        const after = loadProject(renameSpecs(specs, recipe), { hashLength });
        for (const feature of Object.values(after)) {
          const { previous } = feature;
          const was = before.find(({ key }) => key === (feature.spec.renamedFrom?.feature ?? feature.key));
          if (previous === undefined) {
            expect(feature.featureVersion).toBe(was?.featureVersion);
            continue;
          }
          changed += 1;
          const { key, table, featureVersion } = previous;
          expect({ key, table, featureVersion }).toEqual({
            key: was?.key,
            table: was?.table,
            featureVersion: was?.featureVersion,
          });
          expect(Object.values(previous.fieldMembers)).toEqual(Object.keys(was?.plan.fieldMembers ?? {}));
          expect(Object.keys(previous.fieldMembers).sort()).toEqual(Object.keys(feature.plan.fieldMembers));
        }
      }),
      { seed, numRuns: 100 },
    );
    expect(changed).toBeGreaterThan(100);
  });

  it("is absent where a field that nobody reads got another name", () => {
    const video = (sound: object | string) =>
      buildSpec("video", { columns: { id: text }, ids: ["id"], fields: ["frames", sound] });
    const faces = buildSpec("faces", {
      columns: { id: text },
      ids: ["id"],
      deps: ["video"],
      fields: [{ key: "faces", deps: [{ feature: "video", fields: ["frames"] }] }],
    });
    const after = loadProject([video({ key: "sound", renamedFrom: "audio" }), faces], { hashLength: 64 });
    expect(after["video"]?.previous?.fieldMembers).toEqual({ sound: "audio", frames: "frames" });
    expect(after["faces"]?.previous).toBeUndefined();
  });

  it("is absent where the old names would have been one member", () => {
    const fields = [{ key: "sound", renamedFrom: "a/b" }, "a_b"];
    const spec = buildSpec("video", { columns: { id: text }, ids: ["id"], fields });
    expect(loadProject([spec], { hashLength: 64 })["video"]?.previous).toBeUndefined();
  });

  it.each([
    [2, 2],
    [3, 6],
    [6, 12],
  ])("of a root with %s renames knows %s versions in between", (renames, versions) => {
    const fields = Array.from({ length: renames }, (_, index) => ({
      key: `new${index}`,
      renamedFrom: `old${index}`,
    }));
    const spec = buildSpec("video", { columns: { id: text }, ids: ["id"], fields });
    const { featureVersion, previous } = loadProject([spec], { hashLength: 64 })["video"] ?? {};
    expect(previous?.between).toHaveLength(versions);
    expect(previous?.between).not.toContain(featureVersion);
    expect(previous?.between).not.toContain(previous?.featureVersion);
    const first = fields.map((field, index) =>
      index === 0 ? { key: field.key } : { key: field.renamedFrom },
    );
    const onlyFirst = buildSpec("video", { columns: { id: text }, ids: ["id"], fields: first });
    expect(previous?.between).toContain(
      loadProject([onlyFirst], { hashLength: 64 })["video"]?.featureVersion,
    );
  });
});
