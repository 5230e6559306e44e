import fc from "fast-check";
import type { MappingDocument } from "../oracle/spec-document.ts";
import type { DepSketch, FeatureSketch, FieldSketch, ProjectSketch } from "./project-sketch.ts";

/** Two states of a project: the second is the first after some edits. Not every one compiles. */
export interface EditedProject {
  readonly before: ProjectSketch;
  readonly after: ProjectSketch;
}

const featureKeys = ["a", "a-b", "b/c", "b/d", "e", "f"];
const fieldKeys = ["x", "y", "z", "w/x"];
const newField = fc.constantFrom(...fieldKeys, "new");

/** A number from which a choice among what there is gets made. */
const choice = fc.nat(1000);

function pick<Item>(items: readonly Item[], number: number): Item | undefined {
  return items[number % items.length];
}

type MappingRecipe = (upstream: FeatureSketch | undefined, field: string) => MappingDocument;

const mapping: fc.Arbitrary<MappingRecipe> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<MappingRecipe>(() => ({ type: "default" })) },
  fc.constant<MappingRecipe>(() => ({ type: "default", matchSuffix: true })),
  fc.constant<MappingRecipe>(() => ({ type: "all" })),
  fc.constant<MappingRecipe>(() => ({ type: "none" })),
  choice.map<MappingRecipe>((number) => (upstream) => ({
    type: "default",
    excludeFields: [pick(Object.keys(upstream?.fields ?? {}), number) ?? "x"],
  })),
  choice.map<MappingRecipe>((number) => (upstream, field) => ({
    type: "specific",
    mapping: { [field]: [pick(Object.keys(upstream?.fields ?? {}), number) ?? "x"] },
  })),
);

/** Makes a field's own deps from the deps of its feature. */
type OwnDeps = (deps: readonly string[], project: ProjectSketch) => FieldSketch["deps"];

const ownDeps: fc.Arbitrary<OwnDeps> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<OwnDeps>(() => undefined) },
  fc.constant<OwnDeps>(() => "all"),
  fc.tuple(choice, choice, fc.boolean()).map<OwnDeps>(([dep, field, isWhole]) => (deps, project) => {
    const feature = pick(deps, dep);
    if (feature === undefined) return undefined;
    const named = pick(Object.keys(project[feature]?.fields ?? {}), field) ?? "x";
    return [isWhole ? { feature } : { feature, fields: [named] }];
  }),
);

/** Makes a field of a feature with the given deps. */
type FieldRecipe = (deps: readonly string[], project: ProjectSketch) => FieldSketch;

const field: fc.Arbitrary<FieldRecipe> = fc
  .record({ code: fc.constantFrom("1", "2"), own: ownDeps })
  .map(({ code, own }) => (deps, project) => {
    const explicit = own(deps, project);
    return explicit === undefined ? { code } : { code, deps: explicit };
  });

/** Makes a feature below others. */
type FeatureRecipe = (key: string, available: ProjectSketch) => FeatureSketch;

const feature: fc.Arbitrary<FeatureRecipe> = fc
  .record({
    upstream: fc.uniqueArray(choice, { maxLength: 3 }),
    mappings: fc.array(mapping, { minLength: 3, maxLength: 3 }),
    fields: fc.dictionary(fc.constantFrom(...fieldKeys), field, {
      minKeys: 1,
      maxKeys: 3,
      noNullPrototype: true,
    }),
  })
  .map(({ upstream, mappings, fields }) => (key, available) => {
    const names = new Set(upstream.flatMap((number) => pick(Object.keys(available), number) ?? []));
    const [firstField = "x"] = Object.keys(fields);
    const deps = Object.fromEntries(
      [...names].map((name, index): [string, DepSketch] => [
        name,
        { mapping: mappings[index]?.(available[name], firstField) ?? { type: "default" } },
      ]),
    );
    return {
      deps,
      fields: Object.fromEntries(
        Object.entries(fields).map(([name, make]) => [name, make([...names], available)]),
      ),
      description: "",
      columns: { [`${columnOf(key)}_kept`]: { type: "string" } },
      required: [],
      title: key,
    };
  });

function columnOf(key: string): string {
  return key.replace(/\W/g, "_");
}

const project: fc.Arbitrary<ProjectSketch> = fc
  .array(feature, { minLength: 2, maxLength: 5 })
  .map((recipes) => {
    const made: Record<string, FeatureSketch> = {};
    for (const [index, recipe] of recipes.entries()) {
      const key = featureKeys[index] ?? "a";
      made[key] = recipe(key, { ...made });
    }
    return made;
  });

/** Changes a project in one place, if it has such a place. */
type Edit = (project: ProjectSketch) => ProjectSketch;

/** An edit of one feature. `above` are the features that it may depend on. */
function onFeature(
  change: (
    feature: FeatureSketch,
    project: ProjectSketch,
    available: readonly string[],
    key: string,
  ) => FeatureSketch,
): fc.Arbitrary<Edit> {
  return choice.map((number) => (project) => {
    const keys = Object.keys(project);
    const key = pick(keys, number) ?? "";
    const old = project[key];
    return old === undefined
      ? project
      : { ...project, [key]: change(old, project, keys.slice(0, keys.indexOf(key)), key) };
  });
}

const edit: fc.Arbitrary<Edit> = fc.oneof(
  // Fields.
  {
    weight: 3,
    arbitrary: fc.tuple(choice, fc.constantFrom("1", "2", "3")).chain(([number, code]) =>
      onFeature((feature) => {
        const key = pick(Object.keys(feature.fields), number) ?? "x";
        return { ...feature, fields: { ...feature.fields, [key]: { ...feature.fields[key], code } } };
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(newField, field).chain(([key, make]) =>
      onFeature((feature, project) => ({
        ...feature,
        fields: { [key]: make(Object.keys(feature.deps), project), ...feature.fields },
      })),
    ),
  },
  {
    weight: 2,
    arbitrary: choice.chain((number) =>
      onFeature((feature) => ({ ...feature, fields: without(feature.fields, number) })),
    ),
  },
  fc.tuple(choice, ownDeps).chain(([number, own]) =>
    onFeature((feature, project) => {
      const key = pick(Object.keys(feature.fields), number) ?? "x";
      const deps = own(Object.keys(feature.deps), project);
      const { code = "1" } = feature.fields[key] ?? {};
      return {
        ...feature,
        fields: { ...feature.fields, [key]: deps === undefined ? { code } : { code, deps } },
      };
    }),
  ),
  // Deps.
  fc.tuple(choice, mapping).chain(([number, make]) =>
    onFeature((feature, project, available) => {
      const key = pick(available, number);
      if (key === undefined) return feature;
      const dep = { mapping: make(project[key], Object.keys(feature.fields)[0] ?? "x") };
      return { ...feature, deps: { [key]: dep, ...feature.deps } };
    }),
  ),
  choice.chain((number) => onFeature((feature) => ({ ...feature, deps: without(feature.deps, number) }))),
  {
    weight: 2,
    arbitrary: fc.tuple(choice, mapping).chain(([number, make]) =>
      onFeature((feature, project) => {
        const key = pick(Object.keys(feature.deps), number);
        if (key === undefined) return feature;
        const dep = {
          ...feature.deps[key],
          mapping: make(project[key], Object.keys(feature.fields)[0] ?? "x"),
        };
        return { ...feature, deps: { ...feature.deps, [key]: dep } };
      }),
    ),
  },
  fc
    .tuple(
      choice,
      fc.constantFrom<Omit<DepSketch, "mapping">>(
        { optional: true },
        { where: ["id != ''"] },
        { select: [] },
      ),
    )
    .chain(([number, options]) =>
      onFeature((feature) => {
        const key = pick(Object.keys(feature.deps), number);
        const dep = key === undefined ? undefined : feature.deps[key];
        return key === undefined || dep === undefined
          ? feature
          : { ...feature, deps: { ...feature.deps, [key]: { ...dep, ...options } } };
      }),
    ),
  // Features.
  choice.map<Edit>((number) => (project) => without(project, number)),
  feature.map<Edit>((make) => (project) => {
    const key = featureKeys.find((candidate) => project[candidate] === undefined);
    return key === undefined ? project : { ...project, [key]: make(key, project) };
  }),
  choice.map<Edit>((number) => (project) => {
    const keys = Object.keys(project);
    const removedKey = pick(keys, number) ?? "";
    const others = without(project, number);
    return Object.fromEntries(
      Object.entries(others).map(([key, feature]) => {
        const { [removedKey]: _, ...deps } = feature.deps;
        return [key, { ...feature, deps }];
      }),
    );
  }),
  // What moves no version.
  onFeature((feature) => ({ ...feature, description: `${feature.description}More.` })),
  onFeature((feature, _, __, key) => ({ ...feature, title: `${key} too` })),
  fc.constantFrom("string", "integer").chain((type) =>
    onFeature((feature, _, __, key) => ({
      ...feature,
      columns: { ...feature.columns, [`${columnOf(key)}_new`]: { type } },
    })),
  ),
  onFeature((feature) => ({ ...feature, required: Object.keys(feature.columns) })),
  onFeature((feature) => ({ ...feature, columns: {}, required: [] })),
);

function without<Value>(record: Readonly<Record<string, Value>>, number: number): Record<string, Value> {
  const removedKey = pick(Object.keys(record), number);
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== removedKey));
}

/** Random projects, edited in one to eight places. */
export const editedProject: fc.Arbitrary<EditedProject> = fc
  .tuple(project, fc.array(edit, { minLength: 1, maxLength: 8 }))
  .map(([before, edits]) => ({ before, after: edits.reduce((state, edit) => edit(state), before) }));
