import { describe, expect, it } from "vitest";
import { featureValue } from "../../../generator/plan/index.ts";
import { buildSpec, text } from "../../support/build-spec.ts";
import { compileSpecs } from "../../support/compile-specs.ts";

const length = { type: "number" };

function clip(column: object, field: object | string, feature: object = {}): object {
  const spec = buildSpec("clip", {
    columns: { id: text, length_s: column },
    ids: ["id"],
    fields: [field],
  }) as {
    feature: object;
  };
  return { ...spec, feature: { ...spec.feature, ...feature } };
}

function versionsOf(spec: object) {
  const { model, versions } = compileSpecs([spec], { hashLength: 64 });
  const [feature] = model.features;
  const found = feature && versions.features.get(feature);
  if (feature === undefined || found === undefined) throw new Error("no feature");
  return { ...found, spec: featureValue(feature, versions, { hashLength: 64 }).spec };
}

describe("renamedFrom", () => {
  const plain = versionsOf(clip(length, "audio"));

  it.each([
    ["a column", clip({ ...length, renamedFrom: "length" }, "audio"), { columns: { length_s: "length" } }],
    ["a field", clip(length, { key: "audio", renamedFrom: "sound" }), { fields: { audio: "sound" } }],
    ["a feature", clip(length, "audio", { renamedFrom: "video/clip" }), { feature: "video/clip" }],
  ])("of %s moves the definition version alone, and reaches the runtime", (_, spec, renamedFrom) => {
    const { featureVersion, codeVersion, definitionVersion, spec: facts } = versionsOf(spec);
    expect({ featureVersion, codeVersion }).toEqual({
      featureVersion: plain.featureVersion,
      codeVersion: plain.codeVersion,
    });
    expect(definitionVersion).not.toBe(plain.definitionVersion);
    expect(facts.renamedFrom).toEqual(renamedFrom);
    expect(facts.columns).toEqual(plain.spec.columns);
  });

  it("is not taken over by a column that refers to the schema of another one", () => {
    const spec = buildSpec("clip", {
      columns: {
        id: text,
        begin: { type: "number", renamedFrom: "start" },
        end: { $ref: "#/properties/begin" },
      },
      ids: ["id"],
    });
    expect(versionsOf(spec).spec.renamedFrom).toEqual({ columns: { begin: "start" } });
  });
});
