import { buildSpec, integer, text } from "../support/build-spec.ts";

/** A graph of features with data of its own, made by SQL. Units are numbers from 0, one per grain of the last target. */
export interface BenchGraph {
  /** Spec documents. `codeVersion` is that of the targets' fields. */
  readonly specs: (codeVersion: string) => readonly object[];
  readonly roots: readonly BenchRoot[];
  /** Keys of the features to resolve, upstream ones first. */
  readonly targets: readonly string[];
  /** Rows of the largest table that stand for one unit. */
  readonly rowsPerWorkItem: number;
  /** SQL of the target's rows that answer `units`, where the increment's own sets lack columns of it. */
  readonly outputs?: (workItems: string) => string;
}

/** A root feature. */
export interface BenchRoot {
  readonly key: string;
  /** SQL of its rows. `units` is a relation with the column `u`; another `version` gives other provenance. */
  readonly rows: (workItems: string, version: string) => string;
}

const number = { type: "number" };
const childrenPerWorkItem = 10;

const root = (key: string, columns: Record<string, object>, fields: readonly string[]) =>
  buildSpec(key, { columns: { sample_id: text, ...columns }, ids: ["sample_id"], fields });

const versioned = (keys: readonly string[], codeVersion: string) => keys.map((key) => ({ key, codeVersion }));

const id = (kind: string, value = "u") => `concat('${kind}_', lpad((${value})::VARCHAR, 9, '0'))`;

const provenance = (fields: readonly string[], version: string, value = "u") =>
  `struct_pack(${fields.map((field) => `"${field}" := md5(concat('${field}', ${value}, '.', '${version}'))`).join(", ")})
   AS metaxy_provenance_by_field`;

const media = { path: text, size: integer, quality: number };
const mediaSql = "concat('s3://media/raw/', u, '.mp4') AS path, u % 4096 AS size, u / 7 AS quality";

const mediaRoot = (key: string, fields: readonly string[]): BenchRoot => ({
  key,
  rows: (workItems, version) =>
    `SELECT ${id("sample")} AS sample_id, ${mediaSql}, ${provenance(fields, version)} FROM (${workItems})`,
});

const simple: BenchGraph = {
  specs: (codeVersion) => [
    root("video", media, ["audio", "frames"]),
    // Never written while data is prepared: what a plain write fills.
    root("video-copy", media, ["audio", "frames"]),
    buildSpec("faces", {
      columns: { sample_id: text, ...media },
      ids: ["sample_id"],
      deps: ["video"],
      fields: versioned(["default"], codeVersion),
    }),
  ],
  roots: [mediaRoot("video", ["audio", "frames"])],
  targets: ["faces"],
  rowsPerWorkItem: 1,
};

const wideFields = ["a", "b", "c", "d"];

const wide: BenchGraph = {
  specs: (codeVersion) => [
    root("left", media, wideFields),
    root("right", { label: text }, wideFields),
    buildSpec("both", {
      columns: { sample_id: text, ...media, label: text },
      ids: ["sample_id"],
      deps: ["left", "right"],
      fields: versioned(["a", "b"], codeVersion),
    }),
  ],
  roots: [
    mediaRoot("left", wideFields),
    {
      key: "right",
      rows: (workItems, version) =>
        `SELECT ${id("sample")} AS sample_id, concat('label ', u % 97) AS label, ${provenance(wideFields, version)} FROM (${workItems})`,
    },
  ],
  targets: ["both"],
  rowsPerWorkItem: 1,
};

const aggregation: BenchGraph = {
  specs: (codeVersion) => [
    buildSpec("recording", {
      columns: { recording_id: text, speaker_id: text, path: text, size: integer, quality: number },
      ids: ["recording_id"],
    }),
    buildSpec("speaker", {
      columns: { speaker_id: text, recordings: integer },
      ids: ["speaker_id"],
      deps: [{ feature: "recording", lineage: { type: "aggregation", on: ["speaker_id"] } }],
      fields: versioned(["default"], codeVersion),
    }),
  ],
  roots: [
    {
      key: "recording",
      rows: (workItems, version) =>
        `SELECT ${id("recording", "u * 10 + k")} AS recording_id, ${id("speaker")} AS speaker_id, ${mediaSql},
           ${provenance(["default"], version, "u * 10 + k")}
         FROM (${workItems}), range(${childrenPerWorkItem}) AS children(k)`,
    },
  ],
  targets: ["speaker"],
  rowsPerWorkItem: childrenPerWorkItem,
  outputs: (workItems) => `SELECT ${id("speaker")} AS speaker_id, 10 AS recordings FROM (${workItems})`,
};

const expansion: BenchGraph = {
  specs: (codeVersion) => [
    root("video", media, ["default"]),
    buildSpec("chunk", {
      columns: { chunk_id: text, sample_id: text, start: integer },
      ids: ["chunk_id"],
      deps: [{ feature: "video", select: [], lineage: { type: "expansion", on: ["sample_id"] } }],
      fields: versioned(["default"], codeVersion),
    }),
  ],
  roots: [mediaRoot("video", ["default"])],
  targets: ["chunk"],
  rowsPerWorkItem: childrenPerWorkItem,
  outputs: (workItems) =>
    `SELECT ${id("chunk", "u * 10 + k")} AS chunk_id, ${id("sample")} AS sample_id, k * 250 AS start
     FROM (${workItems}), range(${childrenPerWorkItem}) AS children(k)`,
};

const steps = ["step/1", "step/2", "step/3", "step/4", "step/5"];

const chain: BenchGraph = {
  specs: (codeVersion) => [
    root("video", media, ["default"]),
    ...steps.map((key, index) =>
      buildSpec(key, {
        columns: { sample_id: text, ...media },
        ids: ["sample_id"],
        deps: [steps[index - 1] ?? "video"],
        fields: versioned(["default"], codeVersion),
      }),
    ),
  ],
  roots: [mediaRoot("video", ["default"])],
  targets: steps,
  rowsPerWorkItem: 1,
};

/** The graphs by name. */
export const graphs: Readonly<Record<string, BenchGraph>> = { simple, wide, aggregation, expansion, chain };
