import type { ColumnType } from "../../runtime/columns/column-type.ts";
import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { ReadSources } from "../source/index.ts";
import type { JsonDocument } from "../source/json-document.ts";
import { valueAt } from "../source/json-pointer.ts";
import type { CheckedShape } from "./check-shape.ts";
import { constraintsOf } from "./column-constraints.ts";
import { columnTypeOf } from "./column-type-of.ts";
import { SchemaInliner } from "./inline-schema.ts";
import { areComparable } from "./keyword-constraints.ts";
import { columnNameProblems } from "./name-problems.ts";
import type { ParsedColumn } from "./parsed-spec.ts";
import {
  acceptsNull,
  childrenOf,
  keywordOf,
  plainSchema,
  type SchemaLocation,
  type SchemaNode,
} from "./schema-node.ts";
import { schemaProblems } from "./schema-problems.ts";
import { type ListItem, validItems } from "./valid-items.ts";

/** The columns of a spec, as far as they can be read. */
export interface ParsedColumns {
  /** Every declared column by name; nothing for one that is reported. */
  readonly declared: ReadonlyMap<string, ParsedColumn | undefined>;
  readonly required: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the columns of a spec: their types, constraints and schemas, every `$ref` written out. */
export function parseColumns(
  document: JsonDocument,
  shape: CheckedShape,
  sources: ReadSources,
): ParsedColumns {
  const locations = locationsIn(document, "properties");
  const listed = validItems<string>(document, shape, ["required"]);
  const required = new Set(listed.map(({ value }) => value));
  const inliner = new SchemaInliner(sources);
  const diagnostics = [
    ...columnNameProblems(locations),
    ...unknownRequired(listed, document, new Set(locations.keys())),
  ];
  const inline = (location: SchemaLocation): SchemaNode | undefined => {
    const node = shape.isValid(location.path) ? inliner.inline(location) : undefined;
    if (node !== undefined) for (const problem of schemaProblems(node)) diagnostics.push(problem);
    return node;
  };

  for (const location of locationsIn(document, "$defs").values()) inline(location);
  const declared = new Map<string, ParsedColumn | undefined>();
  for (const [name, location] of locations) {
    const node = inline(location);
    declared.set(name, node && toColumn(name, node, required.has(name)));
    if (node !== undefined) diagnostics.push(...unenforcedProblems(node, columnTypeOf(node)));
  }
  return { declared, required, diagnostics: [...diagnostics, ...inliner.diagnostics] };
}

/** The places of the schemas in an object of schemas at the top of a spec. */
function locationsIn(
  document: JsonDocument,
  keyword: "properties" | "$defs",
): ReadonlyMap<string, SchemaLocation> {
  const schemas = valueAt(document.value, [keyword]);
  const names =
    typeof schemas === "object" && schemas !== null && !Array.isArray(schemas) ? Object.keys(schemas) : [];
  return new Map(names.map((name) => [name, { document, path: [keyword, name] }]));
}

/** Names in `required` that no column has. */
function* unknownRequired(
  required: readonly ListItem<string>[],
  document: JsonDocument,
  declared: ReadonlySet<string>,
): Iterable<Diagnostic> {
  for (const { value: name, path } of required) {
    if (declared.has(name)) continue;
    yield createDiagnostic("required-unknown", document.locate(path), {
      name,
      suggestion: suggest(name, declared),
    });
  }
}

function toColumn(name: string, node: SchemaNode, isRequired: boolean): ParsedColumn {
  const type = columnTypeOf(node);
  const description = keywordOf<string>(node, "description");
  return {
    name,
    ...(description === undefined ? {} : { description }),
    type,
    nullable: !isRequired || acceptsNull(node),
    schema: plainSchema(node),
    constraints: constraintsOf(node, type),
    path: node.location.path,
  };
}

/** Warns of what a column's schema demands and DuckDB can't check: whether items differ that are stored as JSON. */
export function* unenforcedProblems(node: SchemaNode, type: ColumnType): Iterable<Diagnostic> {
  const unique = node.keywords.get("uniqueItems");
  if (unique?.value === true && !areComparable(node, type.kind === "list" ? type.items : { kind: "json" })) {
    yield createDiagnostic(
      "constraint-not-enforced",
      unique.location.document.locateKey(unique.location.path),
      {
        keyword: "uniqueItems",
        reason: "the items are stored as JSON, and DuckDB can't tell whether two of them are the same",
        instead: 'Give the items one type: a scalar, or an object whose "properties" all have one.',
      },
    );
  }
  for (const [child, childType] of typedChildren(node, type)) yield* unenforcedProblems(child, childType);
}

function typedChildren(node: SchemaNode, type: ColumnType): readonly (readonly [SchemaNode, ColumnType])[] {
  const { items, additionalProperties, properties } = node.children;
  switch (type.kind) {
    case "scalar":
      return [];
    case "json":
      return [...childrenOf(node)].map((child) => [child, type]);
    case "list":
      return items === undefined ? [] : [[items, type.items]];
    case "map":
      return additionalProperties === undefined ? [] : [[additionalProperties, type.values]];
    case "struct":
      return type.members.flatMap((member) => {
        const child = properties?.get(member.name);
        return child === undefined ? [] : [[child, member.type] as const];
      });
  }
}
