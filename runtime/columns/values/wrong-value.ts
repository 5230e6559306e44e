import type { InputError } from "../../errors.ts";
import type { PathPart } from "./value-path.ts";

/** A value that does not fit its column; the caller adds row and column. */
export class WrongValue extends Error {
  readonly code: InputError["code"];
  /** The path from the column's value to the one that does not fit. */
  readonly path: PathPart[] = [];

  constructor(message: string, code: InputError["code"] = "wrong-type") {
    super(message);
    this.code = code;
  }
}

/** Prepends a step to the path of a wrong value; any other error stays as it is. */
export function within(error: unknown, part: PathPart): unknown {
  if (error instanceof WrongValue) error.path.unshift(part);
  return error;
}

/** Refuses a value that is not what a type takes. */
export function refuse(value: unknown, type: string, expected: string): never {
  throw new WrongValue(`is ${describe(value)}, and ${type} expects ${expected}`);
}

/** Refuses a text that no database can hold. */
export function wellFormed(text: string): string {
  if (!text.isWellFormed()) throw new WrongValue("has half of a surrogate pair, which no database can hold");
  return text;
}

function describe(value: unknown): string {
  if (typeof value === "string")
    return `the string ${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)}`;
  if (typeof value === "bigint") return `the bigint ${value}`;
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "an array";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "an invalid Date" : "a Date";
  if (typeof value !== "object" || value === null) return `the ${typeof value} ${String(value)}`;
  const name = className(value);
  return name === undefined ? "an object" : `a ${name}`;
}

/** The class of an object that is not a plain one. */
function className(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  const made: unknown =
    typeof prototype === "object" && prototype !== null ? prototype.constructor : undefined;
  return typeof made === "function" && made.name !== "Object" && made.name !== "" ? made.name : undefined;
}
