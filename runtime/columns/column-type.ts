import { type ScalarName, scalarTypes } from "./scalar-types.ts";

/** Type of a column, as a generated module prints it and the runtime reads it back. */
export type ColumnType =
  | { readonly kind: "scalar"; readonly name: ScalarName }
  | { readonly kind: "list"; readonly items: ColumnType }
  | { readonly kind: "struct"; readonly members: readonly StructMember[] }
  | { readonly kind: "map"; readonly values: ColumnType }
  | { readonly kind: "json" };

/** A member of a struct column. Any member may be null. */
export interface StructMember {
  readonly name: string;
  readonly type: ColumnType;
}

/** A column: its type, and whether it may be null. */
export interface ColumnFacts {
  readonly type: ColumnType;
  readonly nullable: boolean;
}

const notNull = " NOT NULL";

/**
 * Prints a column as generated modules and the manifest hold it.
 *
 * @example
 * ```ts
 * printColumn({ type: { kind: "list", items: { kind: "scalar", name: "DOUBLE" } }, nullable: false }); // "DOUBLE[] NOT NULL"
 * ```
 */
export function printColumn(column: ColumnFacts): string {
  return printType(column.type) + (column.nullable ? "" : notNull);
}

/** Prints a type as {@link printColumn} does, without saying whether it may be null. */
export function printType(type: ColumnType): string {
  switch (type.kind) {
    case "scalar":
      return type.name;
    case "json":
      return "JSON";
    case "list":
      return `${printType(type.items)}[]`;
    case "map":
      return `MAP(VARCHAR, ${printType(type.values)})`;
    case "struct":
      return `STRUCT(${type.members.map((m) => `"${m.name.replaceAll('"', '""')}" ${printType(m.type)}`).join(", ")})`;
  }
}

/** Reads what {@link printColumn} prints. Throws on anything else: a generated module never holds it. */
export function parseColumn(text: string): ColumnFacts {
  const nullable = !text.endsWith(notNull);
  const reader = new TypeReader(nullable ? text : text.slice(0, -notNull.length));
  return { type: reader.readWhole(), nullable };
}

class TypeReader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readWhole(): ColumnType {
    const type = this.#read();
    if (this.#position !== this.#text.length) this.#fail();
    return type;
  }

  #read(): ColumnType {
    let type = this.#readBase();
    while (this.#take("[]")) type = { kind: "list", items: type };
    return type;
  }

  #readBase(): ColumnType {
    if (this.#take("STRUCT(")) return this.#readStruct();
    if (this.#take("MAP(VARCHAR, ")) {
      const values = this.#read();
      this.#expect(")");
      return { kind: "map", values };
    }
    const name = /^[A-Z0-9]+/.exec(this.#text.slice(this.#position))?.[0] ?? "";
    this.#position += name.length;
    if (name === "JSON") return { kind: "json" };
    if (!Object.hasOwn(scalarTypes, name)) this.#fail();
    return { kind: "scalar", name: name as ScalarName };
  }

  #readStruct(): ColumnType {
    const members: StructMember[] = [];
    do {
      members.push({ name: this.#readName(), type: this.#read() });
    } while (this.#take(", "));
    this.#expect(")");
    return { kind: "struct", members };
  }

  #readName(): string {
    const quoted = /^"((?:[^"]|"")*)" /.exec(this.#text.slice(this.#position));
    if (quoted === null) this.#fail();
    this.#position += quoted[0].length;
    return (quoted[1] ?? "").replaceAll('""', '"');
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#position)) return false;
    this.#position += token.length;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) this.#fail();
  }

  #fail(): never {
    throw new Error(`Not a column type: ${this.#text} (at ${this.#position})`);
  }
}
