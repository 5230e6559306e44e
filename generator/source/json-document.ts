import type { SourceSpan } from "../diagnostics/location.ts";

/** Steps from the root of a JSON document to a value: property names and array indices. */
export type JsonPath = readonly (string | number)[];

/** A parsed source file: its plain value, and the place of each part of it. */
export interface JsonDocument {
  /** Path relative to the project, with `/`: `schemas/audio.feature.json`. */
  readonly file: string;
  /** Without a byte order mark. */
  readonly text: string;
  readonly value: unknown;
  /** The place of the value at a path; the nearest enclosing value where the path leads nowhere. */
  locate(path: JsonPath): SourceSpan;
  /** The place of the name of the property at a path; the value where the path leads to none. */
  locateKey(path: JsonPath): SourceSpan;
}
