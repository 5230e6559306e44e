/** What has another name than before. */
export interface Renames {
  /** Key now → the key before. */
  readonly features: ReadonlyMap<string, Rename>;
  /** Key of a feature now → its fields. */
  readonly fields: ReadonlyMap<string, NamesOf>;
  /** Key of a feature now → its columns. */
  readonly columns: ReadonlyMap<string, NamesOf>;
}

/** Name now → the name before. */
export type NamesOf = ReadonlyMap<string, Rename>;

/** The name that something had, and how that is known. */
export interface Rename {
  readonly from: string;
  /** The spec says so by `renamedFrom`; otherwise only one thing came and one went that are alike. */
  readonly isDeclared: boolean;
}

/** The name that something had before. */
export function formerName(names: NamesOf | undefined, name: string): string {
  return names?.get(name)?.from ?? name;
}
