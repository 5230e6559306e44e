import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseColumn } from "../../../runtime/columns/column-type.ts";
import {
  type ScalarName,
  scalarFormats,
  scalarNames,
  scalarOfSchema,
  scalarTypes,
} from "../../../runtime/columns/scalar-types.ts";
import { declaredAsStored, nearestColumnType } from "../../../runtime/columns/stored-type.ts";

describe.each(scalarNames)("%s", (name) => {
  const scalar = scalarTypes[name];

  it("is what its JSON Schema declares", () => {
    expect(scalarOfSchema(scalar.schema.type, scalar.schema.format)).toBe(name);
  });

  it("is printed and parsed", () => {
    expect(parseColumn(`${name} NOT NULL`)).toEqual({ type: { kind: "scalar", name }, nullable: false });
  });

  it("has literals of a type of the same storage", () => {
    expect(scalarTypes[scalar.literal].storage).toBe(scalar.storage);
  });

  it("is nearest to its own storage, or shares it with the plain type", () => {
    const nearest = nearestColumnType(declaredAsStored({ kind: "scalar", name }));
    expect(nearest).toEqual({ kind: "scalar", name: scalar.literal });
  });

  it("becomes no type of which it says nothing", () => {
    for (const other of Object.keys(scalar.becomes) as ScalarName[]) expect(scalarNames).toContain(other);
  });
});

it("the schema of specs knows the formats that declare a scalar, and no others", () => {
  const text = readFileSync(new URL("../../../schemas/feature.schema.json", import.meta.url), "utf8");
  const enums = [...text.matchAll(/"enum": (\[[^\]]*"date-time"[^\]]*\])/g)].map(([, list = ""]) =>
    (JSON.parse(list) as string[]).sort(),
  );
  expect(enums).toEqual([[...scalarFormats].sort()]);
});
