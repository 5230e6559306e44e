/** What a test says of a feature; the rest has plain defaults. */
export interface SpecSketch {
  /** Column → JSON Schema. All are required, unless their type allows null. */
  readonly columns: Readonly<Record<string, object>>;
  readonly ids: readonly string[];
  readonly deps?: readonly unknown[];
  readonly fields?: readonly unknown[];
}

/** A spec document as a user would write it. */
export function buildSpec(key: string, { columns, ids, deps, fields }: SpecSketch): object {
  const required = Object.entries(columns).filter(([, schema]) => !allowsNull(schema));
  return {
    $schema: "../feature.schema.json",
    type: "object",
    properties: columns,
    required: required.map(([name]) => name),
    feature: {
      key,
      idColumns: ids,
      ...(deps === undefined ? {} : { deps }),
      ...(fields === undefined ? {} : { fields }),
    },
  };
}

function allowsNull(schema: object): boolean {
  return "type" in schema && Array.isArray(schema.type) && schema.type.includes("null");
}

export const text: object = { type: "string" };
export const maybeText: object = { type: ["string", "null"] };
export const integer: object = { type: "integer" };
