/** A type as DuckDB prints it, taken apart. `text` is the print. */
export type DuckType = { readonly text: string } & (
  | { readonly kind: "scalar" }
  | { readonly kind: "list"; readonly items: DuckType }
  | { readonly kind: "map"; readonly keys: DuckType; readonly values: DuckType }
  | { readonly kind: "struct"; readonly members: readonly DuckMember[] }
);

/** A member of a STRUCT. */
export interface DuckMember {
  readonly name: string;
  readonly type: DuckType;
}

/** Takes a type apart. An ARRAY counts as a list; an ENUM, a UNION and whatever is unknown as a scalar. */
export function parseDuckType(text: string): DuckType {
  return new DuckTypeReader(text).readWhole();
}

class DuckTypeReader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readWhole(): DuckType {
    const type = this.#read();
    return this.#position === this.#text.length ? type : { kind: "scalar", text: this.#text };
  }

  #read(): DuckType {
    const start = this.#position;
    let type = this.#readBase();
    for (;;) {
      const suffix = /^\[\d*\]/.exec(this.#text.slice(this.#position));
      if (suffix === null) return type;
      this.#position += suffix[0].length;
      type = { kind: "list", items: type, text: this.#text.slice(start, this.#position) };
    }
  }

  #readBase(): DuckType {
    const start = this.#position;
    const print = () => this.#text.slice(start, this.#position);
    if (this.#take("STRUCT(")) {
      const members: DuckMember[] = [];
      do members.push(this.#readMember());
      while (this.#take(", "));
      this.#take(")");
      return { kind: "struct", members, text: print() };
    }
    if (this.#take("MAP(")) {
      const keys = this.#read();
      this.#take(", ");
      const values = this.#read();
      this.#take(")");
      return { kind: "map", keys, values, text: print() };
    }
    this.#skipScalar();
    return { kind: "scalar", text: print() };
  }

  #readMember(): DuckMember {
    const rest = this.#text.slice(this.#position);
    const [match, quoted, plain = ""] = /^(?:"((?:[^"]|"")*)"|([^ ]+)) /.exec(rest) ?? [""];
    this.#position += match.length;
    return { name: quoted?.replaceAll('""', '"') ?? plain, type: this.#read() };
  }

  /** A name with blanks in it, and what stands in brackets behind it: the values of an ENUM may hold anything. */
  #skipScalar(): void {
    const rest = this.#text.slice(this.#position);
    const [name] = /^[^,()[\]]*/.exec(rest) ?? [""];
    this.#position += name.length;
    if (!this.#take("(")) return;
    let open = 1;
    while (open > 0 && this.#position < this.#text.length) {
      const token = /^(?:'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]|[^'"()]+)/.exec(this.#text.slice(this.#position));
      const [text] = token ?? [this.#text.charAt(this.#position)];
      if (text === "(") open += 1;
      if (text === ")") open -= 1;
      this.#position += text.length;
    }
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#position)) return false;
    this.#position += token.length;
    return true;
  }
}
