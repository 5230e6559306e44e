/** How the strings of samples are hashed. One algorithm per store. */
export type HashAlgorithm = "md5" | "sha256" | "xxhash64" | "xxhash32";

/** Names of the algorithms. */
export const hashAlgorithms: readonly HashAlgorithm[] = ["md5", "sha256", "xxhash64", "xxhash32"];
