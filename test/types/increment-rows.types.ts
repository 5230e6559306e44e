// What a row of an increment has: upstream columns as they arrive, and the computed versions.
import type { InputOf, NewCause, NewOf, OrphanOf, StaleOf, Store, VersionsByField } from "stemma";
import { Audio } from "../../generated/aggregation/audio.js";
import { SpeakerEmbedding } from "../../generated/aggregation/speaker-embedding.js";
import type { Either } from "../golden/modules/all-optional/expected/generated/either.js";
import type { AwkwardNames } from "../golden/modules/awkward-names/expected/generated/awkward 'names'.js";
import type { VideoChunk } from "../golden/modules/expansion/expected/generated/chunk.js";
import { Summary } from "../golden/modules/several-deps/expected/generated/summary.js";
import { holds, type Same } from "./same.ts";

declare const store: Store;

const summaries = await store.resolve(Summary);

for await (const row of summaries.new) {
  holds<Same<typeof row, NewOf<typeof Summary>>>();
  holds<Same<typeof row.metaxy_cause, NewCause>>();
  holds<Same<typeof row.recording_id, string>>();
  holds<Same<typeof row.duration, number>>();

  // @ts-expect-error a typo
  row.recordign_id;

  // A renamed column has its new name; the old one is that of another dep.
  holds<Same<typeof row.transcript_path, string>>();
  // @ts-expect-error renamed away
  row.id;
  // @ts-expect-error not selected
  row.lang;

  // Nullable upstream, and from an optional dep.
  holds<Same<typeof row.words, number | null>>();
  holds<Same<typeof row.grade, number | null>>();
  // @ts-expect-error the grade may be missing
  row.grade.toFixed();

  holds<Same<typeof row.metaxy_provenance_by_field.quality_grade, string>>();
  // @ts-expect-error the member of a field is not its key
  row.metaxy_provenance_by_field["quality/grade"];
  // @ts-expect-error new rows have no stored side to differ from
  row.metaxy_changed_fields;
  // @ts-expect-error rows are readonly
  row.path = "";
}

holds<Same<VersionsByField<typeof Summary>, { readonly summary: string; readonly quality_grade: string }>>();
holds<
  Same<
    VersionsByField<typeof AwkwardNames>,
    { readonly __proto__: string; readonly a_b: string; readonly constructor: string }
  >
>();

for await (const row of summaries.stale) {
  holds<Same<typeof row, StaleOf<typeof Summary>>>();
  holds<Same<typeof row.metaxy_changed_fields, readonly ("summary" | "quality/grade")[]>>();
}

for await (const row of summaries.orphaned) {
  holds<Same<typeof row, OrphanOf<typeof Summary>>>();
  holds<Same<typeof row.summary, string | null>>();
  // @ts-expect-error stored rows have the feature's own columns
  row.transcript_path;
}

// All deps are optional: the column on which they are joined is there all the same.
type EitherInput = InputOf<typeof Either>;
holds<Same<EitherInput["id"], string>>();
holds<Same<EitherInput["a"], number | null>>();
holds<Same<EitherInput["b"], number | null>>();

// An expansion gets its parents, by their new name.
type ChunkInput = InputOf<typeof VideoChunk>;
holds<Same<ChunkInput["video_id"], string>>();
// @ts-expect-error a column of the children
type _Start = ChunkInput["start"];

// Groups are named by the grain, and have the upstream's rows.
const speakers = await store.resolve(SpeakerEmbedding);
for await (const { id, rows } of speakers.new.groups()) {
  holds<Same<typeof id, { readonly speaker_id: string }>>();
  holds<Same<typeof rows, readonly NewOf<typeof SpeakerEmbedding>[]>>();
  // @ts-expect-error not of the grain
  id.audio_id;
}
holds<Same<(typeof speakers.pendingUpstream)[number]["feature"], "audio">>();

// Selected columns are all that a row has; sets stay sets, and groups keep their names.
for await (const row of summaries.new.select("path", "metaxy_provenance")) {
  holds<Same<typeof row, Pick<InputOf<typeof Summary>, "path" | "metaxy_provenance">>>();
  // @ts-expect-error not asked for
  row.words;
}
// @ts-expect-error not a column
summaries.new.select("paht");
// @ts-expect-error new rows have no stored side to differ from
summaries.new.select("metaxy_changed_fields");
summaries.stale.select("metaxy_changed_fields");
summaries.new.select("metaxy_cause");
// @ts-expect-error a stale row is not new
summaries.stale.select("metaxy_cause");
for await (const { id, rows } of speakers.new.select("audio_id").groups()) {
  holds<Same<typeof id, { readonly speaker_id: string }>>();
  holds<Same<typeof rows, readonly { readonly audio_id: string }[]>>();
}
// @ts-expect-error a row without its versions and columns is none of the feature
await store.resolve(Audio).then((all) => all.write(all.new.select("audio_id")));

// A root gets its own rows back.
const recordings = await store.resolve(Audio, { samples: [] });
const [recording] = await recordings.new.toArray();
holds<Same<typeof recording, NewOf<typeof Audio> | undefined>>();
