/**
 * Texts of dates, times and UUIDs, as RFC 3339 and JSON Schema write them: one pattern for JavaScript, for the
 * engines, and for the constraints in generated modules.
 */
export const textForms: { readonly [form in "date" | "time" | "fileTime" | "uuid"]: string } = {
  date: String.raw`^\d{4}-\d\d-\d\d$`,
  time: String.raw`^\d{4}-\d\d-\d\d[Tt ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6}0*)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$`,
  /** As programs write times into files: a date alone is its midnight, and UTC where the offset is missing. */
  fileTime: String.raw`^\d{4}-\d\d-\d\d(?:[Tt ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6}0*)?)?(?:[Zz]|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?)?$`,
  uuid: "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
};
