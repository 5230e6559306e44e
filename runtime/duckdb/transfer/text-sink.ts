/** Takes the texts of a value, part after part. */
export interface TextSink {
  /** A text that may hold anything. */
  putText(part: number, text: string): void;
  /** A text that has only what numbers and times are printed with. */
  putPlain(part: number, text: string): void;
  putNull(part: number): void;
}

/** How values of a column are written as texts, which cross into DuckDB joined: far cheaper than one by one. */
export interface TextEncoder {
  /** How many texts make a value. */
  readonly parts: number;
  /** SQL of the value; `part` gives that of a text, NULL where it was put as such. */
  readonly sql: (part: (index: number) => string) => string;
  /** Writes a value, its texts from `first` on; throws a `WrongValue` where it does not fit. */
  readonly write: (value: unknown, sink: TextSink, first: number) => void;
}

/** Writes a value as a text that may hold anything. */
export function textOf(print: (value: unknown) => string): TextEncoder {
  return {
    parts: 1,
    sql: (part) => part(0),
    write: (value, sink, first) => {
      if (value === null || value === undefined) sink.putNull(first);
      else sink.putText(first, print(value));
    },
  };
}

/** Writes a value as a plain text, of which `cast` makes the value. */
export function plainTextOf(print: (value: unknown) => string, cast: (text: string) => string): TextEncoder {
  return {
    parts: 1,
    sql: (part) => cast(part(0)),
    write: (value, sink, first) => {
      if (value === null || value === undefined) sink.putNull(first);
      else sink.putPlain(first, print(value));
    },
  };
}
