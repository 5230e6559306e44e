import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { repository } from "./source-files.ts";

/** Words that sources, messages and pages must not use again, and the words that took their place. */
const identifiers: Readonly<Record<string, string>> = {
  quoteName: "quoteIdentifier",
  quoteText: "quoteLiteral",
  AnswerOf: "OutputRowOf",
  StampedOf: "RowWithProvenanceOf",
  WorkerAnswer: "WorkerResult",
  UnitOf: "WorkItemOf",
  renderTerminal: "renderText",
  mapPlaces: "mapLocations",
  LogCover: "SourceCheckpoint",
  coversOf: "checkpointSources",
  stillCovers: "isCheckpointValid",
  SyncRecord: "Checkpoint",
  Recollection: "IncrementalState",
  WatchedLog: "SourceState",
  FeatureWalk: "ProjectSimulation",
  FoundChange: "RawChange",
  judgeChange: "classifyChange",
  irredundant: "minimalCauses",
  stemma_sync: "stemma_checkpoint",
  stemma_open__: "stemma_pending__",
  stemma_empty__: "stemma_empty_parent__",
  stemma_store: "stemma_meta",
  stemma_taken_away: "is_retracted",
  stemma_ambiguous: "stemma_conflict",
  sample_hash: "stemma_hash",
  group_text: "stemma_ordered_concat",
  rowsPerGrain: "cardinality",
  rowColumns: "inputColumns",
};

const sentences: Readonly<Record<string, string>> = {
  "stands twice": "is declared twice",
  "is no condition": "is not a condition",
  "turn one round with NOT": "negate it with NOT",
  "met a bug of its own": "Internal error in Stemma",
  "moved without an edit": "changed without a spec edit",
  "print what there is": "display help for command",
};

const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
  cwd: repository,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /\.(ts|md|hbs|json)$/.test(file))
  .filter((file) => !/^(test\/vectors\/|package-lock|CHANGELOG|test\/architecture\/words)/.test(file));

describe("words that are gone", () => {
  const texts = files.map((file) => ({ file, text: readFileSync(`${repository}${file}`, "utf8") }));

  it.each(Object.entries(identifiers))("%s, now %s", (old) => {
    expect(uses(new RegExp(`(?<![A-Za-z0-9])${old}(?![A-Za-z0-9])`))).toEqual([]);
  });

  it.each(Object.entries(sentences))("“%s”, now “%s”", (old) => {
    expect(uses(new RegExp(old))).toEqual([]);
  });

  it("as never, now untyped() of test/support", () => {
    const isSource = (place: string) => /^test\/(?!support\/untyped|package\/stranger)/.test(place);
    expect(uses(/ as never[,;)\]}]/).filter(isSource)).toEqual([]);
  });

  function uses(word: RegExp): string[] {
    return texts.flatMap(({ file, text }) =>
      text.split("\n").flatMap((line, index) => (word.test(line) ? [`${file}:${index + 1}`] : [])),
    );
  }
});
