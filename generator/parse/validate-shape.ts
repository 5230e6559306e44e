import type { ErrorObject } from "ajv/dist/2020.js";
import { compiledChecks } from "./compiled-checks.ts";
import { definitionOf, type MetaSchemaNode } from "./meta-schema.ts";
import { type ShapeProblem, toShapeProblem } from "./shape-problem.ts";

/** A part of the meta-schema that a value is checked against. */
export type ShapeRef = "#" | `#/$defs/${string}`;

/**
 * Checks a value against a part of the meta-schema.
 *
 * Where several shapes are allowed (a string or an object; an object of one `type` or another), ajv lists what is wrong
 * by each of them. This finds the shape that is meant, and reports what is wrong by that one alone.
 */
export function validateShape(ref: ShapeRef, value: unknown, at = ""): ShapeProblem[] {
  const validate = compiledChecks[ref];
  if (validate === undefined) throw new Error(`The meta-schema has no ${ref}`);
  if (validate(value) === true) return [];
  const errors = validate.errors ?? [];
  const choices = new Set(errors.filter(isChoice).map(({ instancePath }) => instancePath));
  return errors.flatMap((error) => {
    const choice = firstPrefix(error.instancePath, choices);
    if (choice === undefined) return [toShapeProblem(error, at + error.instancePath)];
    return isChoice(error) && error.instancePath === choice ? problemsOfChoice(error, at + choice) : [];
  });
}

function isChoice({ keyword }: ErrorObject): boolean {
  return keyword === "anyOf";
}

/** The first of the pointers with whose steps a pointer begins. */
function firstPrefix(pointer: string, pointers: ReadonlySet<string>): string | undefined {
  if (pointers.size === 0) return undefined;
  for (let end = 0; end !== -1; end = pointer.indexOf("/", end + 1)) {
    const prefix = pointer.slice(0, end);
    if (pointers.has(prefix)) return prefix;
  }
  return pointers.has(pointer) ? pointer : undefined;
}

interface Shape {
  readonly ref: ShapeRef;
  readonly definition: MetaSchemaNode;
}

/** What is wrong by the shape that is meant: of its JSON type, and of its `type` if there are several such. */
function problemsOfChoice(error: ErrorObject, pointer: string): ShapeProblem[] {
  const { data: value } = error as { data?: unknown };
  const shapes = (error.schema as readonly MetaSchemaNode[]).map(({ $ref = "" }) => ({
    ref: $ref as ShapeRef,
    definition: definitionOf($ref),
  }));
  const types = [...new Set(shapes.map(({ definition }) => definition.type ?? ""))];
  const matching = shapes.filter(({ definition }) => definition.type === jsonType(value));
  const [first] = matching;
  if (first === undefined) {
    const expected = [...new Set(shapes.map(({ definition }) => expectedOf(definition)))];
    return [{ pointer, kind: "wrong-type", value, expected, tags: shapes.flatMap(tagOf) }];
  }
  if (matching.length > 1) return problemsByTag(matching, value as TaggedObject, pointer);
  const orTypes = types.filter((type) => type !== first.definition.type);
  return validateShape(first.ref, value, pointer).map((problem) =>
    problem.kind === "wrong-value" && problem.pointer === pointer ? { ...problem, orTypes } : problem,
  );
}

/** The type of a shape; the value itself, where there is but one. */
function expectedOf(definition: MetaSchemaNode): string {
  return definition.const === undefined ? (definition.type ?? "") : JSON.stringify(definition.const);
}

interface TaggedObject {
  readonly type?: unknown;
}

function problemsByTag(shapes: readonly Shape[], value: TaggedObject, pointer: string): ShapeProblem[] {
  const allowed = shapes.flatMap(tagOf);
  if (!Object.hasOwn(value, "type")) {
    return [{ pointer, kind: "missing-keyword", name: "type", example: allowed[0] }];
  }
  const matched = shapes.find((shape) => tagOf(shape)[0] === value.type);
  if (matched !== undefined) return validateShape(matched.ref, value, pointer);
  return [{ pointer: `${pointer}/type`, kind: "wrong-value", value: value.type, allowed, orTypes: [] }];
}

/** The `type` by which an object declares its shape. */
function tagOf({ definition }: Shape): string[] {
  const tag = definition.properties?.["type"]?.const;
  return typeof tag === "string" ? [tag] : [];
}

/** The JSON type of a value. */
export function jsonType(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
