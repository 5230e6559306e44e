/** `true` where two types are the same, not only assignable. */
export type Same<A, B> =
  (<T>() => T extends Flat<A> ? 1 : 2) extends <T>() => T extends Flat<B> ? 1 : 2 ? true : false;

/** An intersection as one object. */
type Flat<T> = T extends object ? { [K in keyof T]: T[K] } : T;

/** Compiles where the type is `true`. Never called. */
export declare function holds<Claim extends true>(): Claim;
