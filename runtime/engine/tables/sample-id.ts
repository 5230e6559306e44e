import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";

/** The id columns of an object, which may be a whole row, but nothing that its spec does not declare. `what` names it in messages, and `hint` says what else the caller takes. */
export function sampleId(
  feature: AnyFeature,
  given: unknown,
  what: string,
  hint: (column: string) => string = () => "",
): Readonly<Record<string, unknown>> {
  const { idColumns, columns } = feature.spec;
  const isObject = typeof given === "object" && given !== null;
  const values = (isObject ? given : {}) as Readonly<Record<string, unknown>>;
  const facts = { feature: feature.key, idColumns };
  const missing = idColumns.find((column) => values[column] === undefined);
  if (missing !== undefined) {
    throw new InputError(
      "missing-column",
      `${what} of ${feature.key} lacks ${missing}. An id has ${idColumns.join(", ")}.${hint(missing)}`,
      { ...facts, column: missing },
    );
  }
  const empty = idColumns.find((column) => values[column] === null);
  if (empty !== undefined) {
    throw new InputError(
      "null-id",
      `${what} of ${feature.key} has null for ${empty}, and an id is never null.${hint(empty)}`,
      { ...facts, column: empty },
    );
  }
  const undeclared = Object.keys(values).find(
    (name) => columns[name] === undefined && !name.startsWith("metaxy_"),
  );
  if (undeclared !== undefined) {
    throw new InputError(
      "undeclared-column",
      `${what} of ${feature.key} has ${JSON.stringify(undeclared)}, which its spec does not declare. An id has ${idColumns.join(", ")}.`,
      { ...facts, column: undeclared },
    );
  }
  return Object.fromEntries(idColumns.map((column) => [column, values[column]]));
}
