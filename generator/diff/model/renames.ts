/** Renamed features, fields and columns. */
export interface Renames {
  /** Key now → the key before. */
  readonly features: ReadonlyMap<string, Rename>;
  /** Key of a feature now → its fields. */
  readonly fields: ReadonlyMap<string, NamesOf>;
  /** Key of a feature now → its columns. */
  readonly columns: ReadonlyMap<string, NamesOf>;
}

/** Name now → name before. */
export type NamesOf = ReadonlyMap<string, Rename>;

/** A former name, and how it is known. */
export interface Rename {
  readonly from: string;
  /** Whether `renamedFrom` declares it; otherwise it is guessed from equal content. */
  readonly isDeclared: boolean;
}

/** The name before. */
export function formerName(names: NamesOf | undefined, name: string): string {
  return names?.get(name)?.from ?? name;
}
