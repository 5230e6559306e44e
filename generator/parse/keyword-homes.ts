import { metaSchema } from "./meta-schema.ts";

/** The objects of a spec that have keywords of their own, as a sentence speaks of them. */
const homes: Readonly<Record<string, string>> = {
  feature: '"feature"',
  dep: 'an entry of "deps"',
  field: 'an entry of "fields"',
  column: "the schema of a column",
};

/** Where a keyword of the language belongs, if it is the keyword of one kind of object only. */
export function homeOf(keyword: string): string | undefined {
  const owners = Object.keys(homes).filter((name) =>
    Object.hasOwn(metaSchema.$defs[name]?.properties ?? {}, keyword),
  );
  const [owner] = owners;
  return owners.length === 1 && owner !== undefined ? homes[owner] : undefined;
}
