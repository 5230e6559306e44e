export type {
  CheckStep,
  ContractVersion,
  DepFacts,
  DerivedPlan,
  Feature,
  FeatureTypes,
  FieldFacts,
  Lineage,
  Plan,
  PreviousDefinition,
  RenamedFrom,
  RootPlan,
  SpecFacts,
  UpstreamFacts,
  ValueCheck,
} from "./contract.ts";
export type { CopyOptions, FeatureCopy } from "./copying.ts";
export type {
  DeleteOptions,
  DeleteResult,
  DeleteTarget,
  DownstreamDeletion,
  DropOptions,
  DropResult,
  StoredSet,
} from "./deleting.ts";
export type { ErrorFacts, InputErrorCode, StemmaErrorCode, StoreErrorCode } from "./errors.ts";
export { InputError, isInputError, isStemmaError, isStoreError, StemmaError, StoreError } from "./errors.ts";
export type {
  ErrorLog,
  ErrorsOptions,
  FailureEntry,
  RecordErrorsOptions,
  RecordedError,
} from "./failures.ts";
export type {
  AnyFeature,
  EmptyParentOf,
  FieldOf,
  GrainOf,
  IdOf,
  InputOf,
  MemberOf,
  NewCause,
  NewOf,
  OrphanOf,
  Project,
  RowOf,
  RowWithProvenanceOf,
  SampleOf,
  StaleOf,
  TypesOf,
  UpstreamOf,
  VersionColumns,
  VersionsByField,
  WriteOf,
} from "./feature.ts";
export type {
  CsvRows,
  ExportOptions,
  ExportResult,
  FilePaths,
  FileRows,
  JsonRows,
  ParquetRows,
} from "./files.ts";
export type {
  Counts,
  GroupedSet,
  Increment,
  IncrementSet,
  OutputRowOf,
  PendingUpstream,
  RowGroup,
  RowSet,
  RowsInput,
  SetKind,
  SqlRows,
  SqlValue,
  WritableSet,
  WriteOptions,
  WriteResult,
} from "./increment.ts";
export type { MigrateOptions, MigrateResult, MigrationStep } from "./migrating.ts";
export type {
  BatchResult,
  BatchWorker,
  FailedWorkItem,
  ProcessOptions,
  ProcessProgress,
  ProcessTotals,
  Worker,
  WorkerContext,
  WorkerOutputOf,
  WorkerResult,
  WorkItemError,
  WorkItemOf,
  WorkItemRow,
  WorkLimit,
} from "./process.ts";
export type { LastRun, Progress, ProgressOptions } from "./progress.ts";
export type {
  DepDefinition,
  FeatureDefinition,
  FieldDefinition,
  HistoryOptions,
  ProjectDefinitions,
  ProjectRecords,
  Push,
  PushChanges,
  PushOptions,
  PushResult,
} from "./pushing.ts";
export type { ReadOptions, StoredOf, StoredRows, SystemColumns } from "./reading.ts";
export type { RebaseOptions, RebaseResult } from "./rebasing.ts";
export type { ResolveOptions } from "./resolving.ts";
export type { Filter, Store } from "./store.ts";
export type { Trace, TracedFeature, TracedSample, TracedState, TraceOptions } from "./tracing.ts";
export type {
  FeatureRows,
  FeatureWriteResult,
  Transaction,
  TransactionOptions,
  WriteAllOptions,
} from "./transaction.ts";
export type { StoreWarning, StoreWarningCode } from "./warning.ts";
