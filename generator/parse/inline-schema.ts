import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceSpan } from "../diagnostics/location.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { isSpecFile, type ReadSources } from "../source/index.ts";
import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import { printPointer, valueAt } from "../source/json-pointer.ts";
import { readReference } from "../source/reference.ts";
import { type CheckedShape, checkShape } from "./check-shape.ts";
import type { Column } from "./feature-spec.ts";
import { definitionOf } from "./meta-schema.ts";
import type { Keyword, SchemaChildren, SchemaLocation, SchemaNode } from "./schema-node.ts";

/** What a `$ref` leads to: a place, or the reason why not; neither where that file is reported as unreadable. */
export interface FoundTarget {
  readonly target?: SchemaLocation;
  readonly diagnostic?: Diagnostic;
}

/** Finds what the `$ref` of a schema leads to. */
function findTarget(ref: string, schema: SchemaLocation, sources: ReadSources): FoundTarget {
  const at = (): SourceSpan => schema.document.locate([...schema.path, "$ref"]);
  const reference = readReference(ref, schema.document.file);
  if (reference.kind === "unsupported") {
    return { diagnostic: createDiagnostic("ref-unsupported", at(), { ref, reason: reference.reason }) };
  }
  const { file, path } = reference;
  if (sources.unreadable.has(file)) return {};
  const document = sources.documents.get(file);
  if (document === undefined)
    return { diagnostic: createDiagnostic("ref-missing-file", at(), { ref, file }) };
  if (valueAt(document.value, path) === undefined) {
    const known = namesAt(document.value, path.slice(0, -1));
    const suggestion = suggest(String(path.at(-1) ?? ""), known);
    return { diagnostic: createDiagnostic("ref-missing-target", at(), { ref, file, known, suggestion }) };
  }
  if (!mayBeColumn(document, path))
    return { diagnostic: createDiagnostic("ref-not-a-column", at(), { ref }) };
  return { target: { document, path } };
}

function namesAt(root: unknown, path: JsonPath): string[] {
  const value = valueAt(root, path);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

/** Whether a path can hold a schema: in a spec where the language has one, in another file anywhere. */
function mayBeColumn({ file, value }: JsonDocument, path: JsonPath): boolean {
  const target = valueAt(value, path);
  if (typeof target !== "object" || target === null || Array.isArray(target)) return false;
  return isSpecFile(file) ? isColumnPath(path) : path.length !== 1 || !schemaMaps.has(path[0]);
}

/** Keywords whose values are no schemas, but hold some by name. */
const schemaMaps: ReadonlySet<unknown> = new Set(["$defs", "definitions", "properties"]);

function isColumnPath(path: JsonPath): boolean {
  const steps = [...path];
  while (steps.length > 0) {
    const keyword = steps.shift();
    if (keyword === "properties" || keyword === "$defs" || keyword === "anyOf" || keyword === "oneOf") {
      if (steps.shift() === undefined) return false;
    } else if (keyword !== "items" && keyword !== "additionalProperties") {
      return false;
    }
  }
  return path.length > 0;
}

/** How deep a schema may go, with every reference written out: far beyond any spec, far from exhausting the stack. */
const maxDepth = 100;

/** How many parts the columns of a spec may have, with every reference written out. */
const maxNodes = 20_000;

/** The keywords of a schema that are left once references are written out. */
const inlinedKeywords = Object.keys(definitionOf("#/$defs/column").properties ?? {}).filter(
  (name) => name !== "$ref" && name !== "$defs" && name !== "renamedFrom",
);

/** The way from the schema of a column to a schema in it. */
interface RefPath {
  /** The targets of the references on the way. */
  readonly names: readonly string[];
  readonly depth: number;
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
  inline(location: SchemaLocation): SchemaNode | undefined {
    this.#isComplete = true;
    const wasWithinLimit = this.#nodes <= maxNodes;
    const node = this.#inline(location, { names: [nameOf(location)], depth: 1 });
    if (wasWithinLimit && this.#nodes > maxNodes) {
      const at = location.document.locateKey(location.path);
      this.diagnostics.push(createDiagnostic("schema-too-large", at, { limit: maxNodes }));
    }
    return this.#isComplete ? node : undefined;
  }

  #inline(location: SchemaLocation, refPath: RefPath): SchemaNode {
    this.#nodes += 1;
    if (this.#nodes > maxNodes) return this.#fail(location);
    if (refPath.depth > maxDepth) return this.#failTooDeep(location);

    const schema = valueAt(location.document.value, location.path) as Column;
    if (schema.renamedFrom !== undefined && !isColumn(location)) this.#reportMisplacedRename(location);
    const node = {
      location,
      keywords: keywordsOf(schema, location),
      children: this.#children(schema, location, refPath),
    };
    if (schema.$ref === undefined) return node;

    const target = this.#target(schema.$ref, location, refPath);
    for (const keyword of conflictingKeywords(node, target)) {
      this.#fail(location);
      const at = location.document.locateKey([...location.path, keyword]);
      this.diagnostics.push(createDiagnostic("ref-conflict", at, { keyword, ref: schema.$ref }));
    }
    return mergeReference(node, target);
  }

  #target(ref: string, location: SchemaLocation, refPath: RefPath): SchemaNode {
    const { target, diagnostic } = findTarget(ref, location, this.#sources);
    if (diagnostic !== undefined) this.diagnostics.push(diagnostic);
    if (target === undefined) return this.#fail(location);

    const name = nameOf(target);
    if (refPath.names.includes(name)) {
      const cycle = [...refPath.names.slice(refPath.names.indexOf(name)), name];
      const formatted = cycle.map((step) => relativeTo(location, step));
      const at = location.document.locate([...location.path, "$ref"]);
      this.diagnostics.push(createDiagnostic("ref-recursion", at, { cycle: formatted }));
    } else if (this.#isSound(target)) {
      return this.#inline(target, { names: [...refPath.names, name], depth: refPath.depth + 1 });
    }
    return this.#fail(location);
  }

  #isSound(target: SchemaLocation): boolean {
    const name = nameOf(target);
    const cached = this.#shapes.get(name);
    const shape = cached ?? checkShape(target.document, target.path, "#/$defs/column");
    this.#shapes.set(name, shape);
    if (cached === undefined) for (const diagnostic of shape.diagnostics) this.diagnostics.push(diagnostic);
    return shape.isValid(target.path);
  }

  #children(schema: Column, { document, path }: SchemaLocation, refPath: RefPath): SchemaChildren {
    const child = (...steps: (string | number)[]): SchemaNode =>
      this.#inline({ document, path: [...path, ...steps] }, { ...refPath, depth: refPath.depth + 1 });
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

  #reportMisplacedRename({ document, path }: SchemaLocation): void {
    this.diagnostics.push(
      createDiagnostic("renamed-from-misplaced", document.locateKey([...path, "renamedFrom"]), {}),
    );
  }

  #failTooDeep(location: SchemaLocation): SchemaNode {
    const at = location.document.locate(location.path);
    if (!this.#isTooDeep) this.diagnostics.push(createDiagnostic("schema-too-deep", at, { limit: maxDepth }));
    this.#isTooDeep = true;
    return this.#fail(location);
  }

  /** Stands in for a schema that can't be had. */
  #fail(location: SchemaLocation): SchemaNode {
    this.#isComplete = false;
    return { location, keywords: new Map(), children: {} };
  }
}

function keywordsOf(schema: Column, { document, path }: SchemaLocation): ReadonlyMap<string, Keyword> {
  const values: Readonly<Record<string, unknown>> = { ...schema };
  const names = inlinedKeywords.filter((name) => Object.hasOwn(values, name));
  return new Map(
    names.map((name) => [name, { value: values[name], location: { document, path: [...path, name] } }]),
  );
}

/** Whether a schema is that of a column itself, and no part of one and no definition. */
function isColumn({ document, path }: SchemaLocation): boolean {
  return path.length === 2 && path[0] === "properties" && isSpecFile(document.file);
}

function nameOf({ document, path }: SchemaLocation): string {
  return `${document.file}#${printPointer(path)}`;
}

/** The name of a place without its file, where it is the same file. */
function relativeTo({ document }: SchemaLocation, name: string): string {
  return name.startsWith(`${document.file}#`) ? name.slice(document.file.length) : name;
}

/** Keywords that say something of the one use of a schema, and so replace those of the target. */
const annotations = new Set(["title", "description", "default", "examples", "deprecated"]);

/** Adds the keywords next to a `$ref` to those of its target. */
function mergeReference(siblings: SchemaNode, target: SchemaNode): SchemaNode {
  return {
    location: siblings.location,
    keywords: new Map([...target.keywords, ...siblings.keywords]),
    children: { ...target.children, ...siblings.children },
  };
}

/** The keywords next to a `$ref` that its target has too: with another value, nobody can tell which counts. */
function conflictingKeywords(siblings: SchemaNode, target: SchemaNode): string[] {
  const shared = [...siblings.keywords.keys()].filter(
    (name) => target.keywords.has(name) && !annotations.has(name),
  );
  return shared.filter((name) => name in siblings.children || !hasSameValue(siblings, target, name));
}

function hasSameValue(a: SchemaNode, b: SchemaNode, keyword: string): boolean {
  return JSON.stringify(a.keywords.get(keyword)?.value) === JSON.stringify(b.keywords.get(keyword)?.value);
}
