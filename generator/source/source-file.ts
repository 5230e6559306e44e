/** Texts of a project by path (relative to it, with `/`): the specs, and the files that their `$ref`s name. */
export type Sources = Readonly<Record<string, string>>;
