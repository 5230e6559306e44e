import { openStore } from "../../runtime/duckdb/index.ts";
import { deletedFeatures, samples } from "./deleted-features.ts";
import { untyped } from "./untyped.ts";

/**
 * Deletes the samples of a database by the hundred, or drops and writes the feature by turns; a line on stdout for each
 * piece of work that is done, until it is killed.
 */
const [path = "", work = "hard"] = process.argv.slice(2);
const { sample } = deletedFeatures;
const store = await openStore(path);
for (let round = 0; ; round++) {
  if (work !== "drop") await store.delete(sample, `hundred = ${round}`, { hard: work === "hard" });
  else if (round % 2 === 0) await store.drop(sample);
  else await store.write(sample, untyped(samples(3000)));
  console.log(round);
}
