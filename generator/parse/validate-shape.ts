import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import { definitionOf, type MetaSchemaNode, metaSchema } from "./meta-schema.ts";

/** An error of ajv with the part of the meta-schema and of the value that it is about. */
export type ShapeError = ErrorObject<string, Record<string, unknown>, unknown> & { readonly data?: unknown };

/** A part of the meta-schema that a value is checked against. */
export type ShapeRef = "#" | `#/$defs/${string}`;

const ajv = new Ajv2020({ allErrors: true, strict: true, verbose: true });
ajv.addSchema(metaSchema, "spec");

/**
 * Checks a value against a part of the meta-schema.
 *
 * Where several shapes are allowed (a text or an object; an object of one `type` or another), ajv lists the errors of
 * all of them. This tells which shape is meant, and gives the errors of that one alone.
 */
export function validateShape(ref: ShapeRef, value: unknown, at = ""): ShapeError[] {
  const validate = ajv.getSchema(`spec${ref}`);
  if (validate === undefined) throw new Error(`The meta-schema has no ${ref}`);
  if (validate(value) === true) return [];
  const errors = (validate.errors ?? []) as ShapeError[];
  const choices = new Set(
    errors.filter((error) => error.keyword === "anyOf").map((error) => error.instancePath),
  );
  return errors.flatMap((error) => {
    const choice = firstPrefix(error.instancePath, choices);
    if (choice === undefined) return [{ ...error, instancePath: at + error.instancePath }];
    return error.keyword === "anyOf" && error.instancePath === choice
      ? errorsOfChoice(error, at + choice)
      : [];
  });
}

/** The first of the pointers that a pointer begins with, step by step. */
function firstPrefix(pointer: string, pointers: ReadonlySet<string>): string | undefined {
  if (pointers.size === 0) return undefined;
  for (let end = 0; end !== -1; end = pointer.indexOf("/", end + 1)) {
    const prefix = end === 0 ? "" : pointer.slice(0, end);
    if (pointers.has(prefix)) return prefix;
  }
  return pointers.has(pointer) ? pointer : undefined;
}

function errorsOfChoice(error: ShapeError, at: string): ShapeError[] {
  const shapes = (error.schema as readonly MetaSchemaNode[]).map(({ $ref = "" }) => ({
    ref: $ref as ShapeRef,
    definition: definitionOf($ref),
  }));
  const fitting = shapes.filter(({ definition }) => definition.type === jsonType(error.data));
  if (fitting.length === 0) {
    const type = shapes.map(({ definition }) => definition.type);
    return [{ ...error, instancePath: at, keyword: "type", params: { type } }];
  }
  const [only] = fitting;
  if (fitting.length === 1 && only !== undefined) return validateShape(only.ref, error.data, at);

  const data = error.data as Readonly<Record<string, unknown>>;
  if (!Object.hasOwn(data, "type")) {
    return [{ ...error, instancePath: at, keyword: "required", params: { missingProperty: "type" } }];
  }
  const tagged = fitting.find(({ definition }) => tagOf(definition) === data["type"]);
  if (tagged !== undefined) return validateShape(tagged.ref, error.data, at);
  const allowedValues = fitting.map(({ definition }) => tagOf(definition));
  return [
    { ...error, instancePath: `${at}/type`, keyword: "enum", params: { allowedValues }, data: data["type"] },
  ];
}

/** The `type` by which an object tells its shape. */
function tagOf(definition: MetaSchemaNode): unknown {
  return definition.properties?.["type"]?.const;
}

/** The JSON type of a value. */
export function jsonType(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
