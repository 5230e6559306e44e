import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { ProcessOptions } from "../../process.ts";
import { assertKnownOptions } from "../known-options.ts";
import type { AnyResolveOptions } from "../resolve/resolve-options.ts";

type Options = ProcessOptions<AnyFeature>;

/** The options of a process, checked, those of its resolve apart. */
export interface ProcessSettings
  extends Required<Pick<Options, "concurrency" | "batchSize" | "retries" | "retryDelay">> {
  readonly maxFailures: Options["maxFailures"];
  readonly atMost: Options["atMost"];
  readonly acknowledged: Options["acknowledged"];
  readonly onProgress: Options["onProgress"];
  readonly materializationId: Options["materializationId"];
  readonly resolveOptions: AnyResolveOptions;
}

/** Checks the options of a process. */
export function processSettings(
  given: Options,
  { batchRows }: { readonly batchRows: number },
): ProcessSettings {
  const {
    concurrency = 1,
    batchSize = batchRows,
    retries = 0,
    retryDelay = 0.1,
    maxFailures,
    atMost,
    acknowledged,
    onProgress,
    materializationId,
    retryFailed,
    ...resolveOptions
  } = given;
  if ("excludeFailed" in given) {
    throw new InputError(
      "unknown-option",
      "process has no option excludeFailed: retryFailed is its opposite.",
      {
        option: "excludeFailed",
      },
    );
  }
  assertInteger("concurrency", concurrency, 1);
  assertInteger("batchSize", batchSize, 1);
  assertInteger("retries", retries, 0);
  assertNumber("retryDelay", retryDelay, 0, 86_400);
  if (maxFailures !== undefined && maxFailures !== Number.POSITIVE_INFINITY)
    assertInteger("maxFailures", maxFailures, 0);
  if (atMost !== undefined) assertLimit(atMost);
  if (onProgress !== undefined && onProgress !== "bar" && typeof onProgress !== "function") {
    throw new InputError("wrong-type", `onProgress is a function or "bar", not ${String(onProgress)}.`, {});
  }
  return {
    concurrency,
    batchSize,
    retries,
    retryDelay,
    maxFailures,
    atMost,
    acknowledged,
    onProgress,
    materializationId,
    resolveOptions: { ...resolveOptions, excludeFailed: retryFailed !== true },
  };
}

function assertLimit(atMost: object): void {
  if (typeof atMost !== "object" || atMost === null) {
    throw new InputError(
      "wrong-type",
      `atMost is an object such as { items: 5000 }, not ${String(atMost)}.`,
      {},
    );
  }
  assertKnownOptions("atMost", atMost, ["items", "share"]);
  const { items, share } = atMost as { readonly items?: number; readonly share?: number };
  if (items !== undefined) assertInteger("atMost.items", items, 0);
  if (share !== undefined) assertNumber("atMost.share", share, 0, 1);
}

/** Refuses what is not an integer of a least value. */
export function assertInteger(name: string, value: unknown, least: number): void {
  if (Number.isInteger(value) && (value as number) >= least) return;
  throw new RangeError(`${name} is an integer of at least ${least}, not ${String(value)}`);
}

function assertNumber(name: string, value: unknown, least: number, most: number): void {
  if (typeof value === "number" && value >= least && value <= most) return;
  throw new RangeError(`${name} is a number from ${least} to ${most}, not ${String(value)}`);
}
