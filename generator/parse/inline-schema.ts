import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { isSpecFile, type ReadSources } from "../source/index.ts";
import { printPointer, valueAt } from "../source/json-pointer.ts";
import { type CheckedShape, checkShape } from "./check-shape.ts";
import type { Column } from "./feature-spec.ts";
import { findTarget } from "./find-target.ts";
import { definitionOf } from "./meta-schema.ts";
import type { Keyword, Place, SchemaChildren, SchemaNode } from "./schema-node.ts";

/** How deep a schema may go, with every reference written out: far beyond any spec, far from exhausting the stack. */
const mostLevels = 100;

/** How many parts the columns of a spec may have, with every reference written out. */
const mostNodes = 20_000;

/** The keywords of a schema that are left once references are written out. */
const keptKeywords = Object.keys(definitionOf("#/$defs/column").properties ?? {}).filter(
  (name) => name !== "$ref" && name !== "$defs" && name !== "renamedFrom",
);

/** The way from the schema of a column to a schema in it. */
interface Trail {
  /** The targets of the references on the way. */
  readonly names: readonly string[];
  readonly levels: number;
}

/** Writes out the `$ref`s in the column schemas of one spec. */
export class SchemaInliner {
  readonly diagnostics: Diagnostic[] = [];
  readonly #sources: ReadSources;
  readonly #shapes = new Map<string, CheckedShape>();
  #nodes = 0;
  #isTooDeep = false;
  #isComplete = true;

  constructor(sources: ReadSources) {
    this.#sources = sources;
  }

  /**
   * The schema at a place, whose shape is right, with every `$ref` written out.
   *
   * Nothing where that can't be done; why is among the diagnostics, or said of a file that can't be read.
   */
  inline(place: Place): SchemaNode | undefined {
    this.#isComplete = true;
    const hadRoom = this.#nodes <= mostNodes;
    const node = this.#inline(place, { names: [nameOf(place)], levels: 1 });
    if (hadRoom && this.#nodes > mostNodes) {
      const at = place.document.locateKey(place.path);
      this.diagnostics.push(createDiagnostic("schema-too-large", at, { limit: mostNodes }));
    }
    return this.#isComplete ? node : undefined;
  }

  #inline(place: Place, trail: Trail): SchemaNode {
    this.#nodes += 1;
    if (this.#nodes > mostNodes) return this.#fail(place);
    if (trail.levels > mostLevels) return this.#failTooDeep(place);

    const schema = valueAt(place.document.value, place.path) as Column;
    if (schema.renamedFrom !== undefined && !isColumn(place)) this.#reportMisplacedRename(place);
    const node = {
      place,
      keywords: keywordsOf(schema, place),
      children: this.#children(schema, place, trail),
    };
    if (schema.$ref === undefined) return node;

    const target = this.#target(schema.$ref, place, trail);
    for (const keyword of conflictingKeywords(node, target)) {
      this.#fail(place);
      const at = place.document.locateKey([...place.path, keyword]);
      this.diagnostics.push(createDiagnostic("ref-conflict", at, { keyword, ref: schema.$ref }));
    }
    return mergeReference(node, target);
  }

  #target(ref: string, place: Place, trail: Trail): SchemaNode {
    const { target, diagnostic } = findTarget(ref, place, this.#sources);
    if (diagnostic !== undefined) this.diagnostics.push(diagnostic);
    if (target === undefined) return this.#fail(place);

    const name = nameOf(target);
    if (trail.names.includes(name)) {
      const cycle = [...trail.names.slice(trail.names.indexOf(name)), name];
      const shown = cycle.map((step) => seenFrom(place, step));
      const at = place.document.locate([...place.path, "$ref"]);
      this.diagnostics.push(createDiagnostic("ref-recursion", at, { cycle: shown }));
    } else if (this.#isSound(target)) {
      return this.#inline(target, { names: [...trail.names, name], levels: trail.levels + 1 });
    }
    return this.#fail(place);
  }

  #isSound(target: Place): boolean {
    const name = nameOf(target);
    const known = this.#shapes.get(name);
    const shape = known ?? checkShape(target.document, target.path, "#/$defs/column");
    this.#shapes.set(name, shape);
    if (known === undefined) for (const diagnostic of shape.diagnostics) this.diagnostics.push(diagnostic);
    return shape.isSound(target.path);
  }

  #children(schema: Column, { document, path }: Place, trail: Trail): SchemaChildren {
    const child = (...steps: (string | number)[]): SchemaNode =>
      this.#inline({ document, path: [...path, ...steps] }, { ...trail, levels: trail.levels + 1 });
    const { items, additionalProperties, properties, anyOf, oneOf } = schema;
    return {
      ...(items === undefined ? {} : { items: child("items") }),
      ...(typeof additionalProperties === "object"
        ? { additionalProperties: child("additionalProperties") }
        : {}),
      ...(properties === undefined
        ? {}
        : { properties: new Map(Object.keys(properties).map((name) => [name, child("properties", name)])) }),
      ...(anyOf === undefined ? {} : { anyOf: anyOf.map((_, index) => child("anyOf", index)) }),
      ...(oneOf === undefined ? {} : { oneOf: oneOf.map((_, index) => child("oneOf", index)) }),
    };
  }

  #reportMisplacedRename({ document, path }: Place): void {
    this.diagnostics.push(
      createDiagnostic("renamed-from-misplaced", document.locateKey([...path, "renamedFrom"]), {}),
    );
  }

  #failTooDeep(place: Place): SchemaNode {
    const at = place.document.locate(place.path);
    if (!this.#isTooDeep)
      this.diagnostics.push(createDiagnostic("schema-too-deep", at, { limit: mostLevels }));
    this.#isTooDeep = true;
    return this.#fail(place);
  }

  /** Stands in for a schema that can't be had. */
  #fail(place: Place): SchemaNode {
    this.#isComplete = false;
    return { place, keywords: new Map(), children: {} };
  }
}

function keywordsOf(schema: Column, { document, path }: Place): ReadonlyMap<string, Keyword> {
  const values: Readonly<Record<string, unknown>> = { ...schema };
  const names = keptKeywords.filter((name) => Object.hasOwn(values, name));
  return new Map(
    names.map((name) => [name, { value: values[name], place: { document, path: [...path, name] } }]),
  );
}

/** Whether a schema is that of a column itself, and no part of one and no definition. */
function isColumn({ document, path }: Place): boolean {
  return path.length === 2 && path[0] === "properties" && isSpecFile(document.file);
}

function nameOf({ document, path }: Place): string {
  return `${document.file}#${printPointer(path)}`;
}

/** The name of a place without its file, where it is the same file. */
function seenFrom({ document }: Place, name: string): string {
  return name.startsWith(`${document.file}#`) ? name.slice(document.file.length) : name;
}

/** Keywords that say something of the one use of a schema, and so replace those of the target. */
const annotations = new Set(["title", "description", "default", "examples", "deprecated"]);

/** Adds the keywords that stand beside a `$ref` to those of its target. */
function mergeReference(beside: SchemaNode, target: SchemaNode): SchemaNode {
  return {
    place: beside.place,
    keywords: new Map([...target.keywords, ...beside.keywords]),
    children: { ...target.children, ...beside.children },
  };
}

/** The keywords beside a `$ref` that also stand in its target: with another value, nobody can tell which counts. */
function conflictingKeywords(beside: SchemaNode, target: SchemaNode): string[] {
  const shared = [...beside.keywords.keys()].filter(
    (name) => target.keywords.has(name) && !annotations.has(name),
  );
  return shared.filter((name) => name in beside.children || !hasSameValue(beside, target, name));
}

function hasSameValue(a: SchemaNode, b: SchemaNode, keyword: string): boolean {
  return JSON.stringify(a.keywords.get(keyword)?.value) === JSON.stringify(b.keywords.get(keyword)?.value);
}
