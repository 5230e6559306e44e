import { isStemmaError, type StemmaError } from "../../runtime/index.ts";

/** The error of ours with which something fails; throws where it does not fail, or with another one. */
export async function refusalOf(work: Promise<unknown>): Promise<StemmaError> {
  const outcome: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome === undefined) throw new Error("It was taken");
  if (!isStemmaError(outcome)) throw outcome;
  return outcome;
}
