import { readFile, writeFile } from "node:fs/promises";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const schemaFile = new URL("../../schemas/feature.schema.json", import.meta.url);
const typeFile = new URL("../../generator/parse/feature-spec.ts", import.meta.url);

const header = `// @generated from schemas/feature.schema.json by test/support/generate-spec-type.ts. Do not edit.
// Edit the schema, then run \`npm run spec-type\`.`;

type Schema = Parameters<typeof compile>[0];

/** Prints the TypeScript type of a spec as written, from the text of the meta-schema. */
export async function printSpecType(schemaText: string): Promise<string> {
  const schema: Schema = JSON.parse(schemaText, (_name, value) =>
    isSchema(value) ? printable(value) : value,
  );
  return compile(schema, "FeatureSpec", {
    additionalProperties: false,
    bannerComment: header,
    style: { printWidth: 110 },
    unknownAny: true,
  });
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A node of the meta-schema as json-schema-to-typescript prints it best: types are named by their definition and not
 * by their title, lengths of lists are not types, and a reference with a comment of its own is not a type of its own.
 */
function printable(node: Schema): Schema {
  if (typeof node.$ref === "string")
    return { description: node.description ?? "", allOf: [{ $ref: node.$ref }] };
  const kept = Object.entries(node).filter(
    ([name, value]) =>
      !(name === "title" && typeof value === "string") && !(name === "minItems" && value === 1),
  );
  return { ...Object.fromEntries(kept), ...(isUnrestricted(node) ? { tsType: "unknown" } : {}) };
}

function isUnrestricted(node: Schema): boolean {
  return typeof node.description === "string" && !("type" in node || "const" in node || "anyOf" in node);
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(typeFile, await printSpecType(await readFile(schemaFile, "utf8")));
}
