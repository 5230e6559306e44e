import { InputError } from "../errors.ts";

/** Refuses options that an operation does not have, so that a typo never changes what it does. */
export function assertKnownOptions(operation: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((option) => !known.includes(option));
  if (unknown === undefined) return;
  throw new InputError(
    "unknown-option",
    `${operation} has no option ${JSON.stringify(unknown)}. It takes ${known.join(", ")}.`,
    { option: unknown },
  );
}
