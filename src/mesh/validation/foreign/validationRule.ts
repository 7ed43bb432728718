/** An object of the Kubernetes API, as JSON. Its fields are what somebody wrote: check them before you rely on them. */
export interface ForeignObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** One code that a rule of another extension gives. */
export interface ForeignCode {
  /** Two to eight capital letters and three to five digits: "ACME0001". IST, KIA and FY are taken. */
  readonly code: string;
  readonly severity: "error" | "warning" | "info" | "hint";
  /** A few words. */
  readonly title: string;
  /** Why it matters and what to do. */
  readonly explanation: string;
}

/** What a rule of another extension says of an object. All text is shown as text. */
export interface ForeignFinding {
  /** One of the rule's codes. */
  readonly code: string;
  readonly message: string;
  /** Steps from the top of the object: ["metadata", "labels", "team"], ["spec", "http", 0]. */
  readonly path: readonly (string | number)[];
  /** Which part is marked; the value unless given. */
  readonly at?: "key" | "value";
}

/** A check of another extension: a function of plain values, run as often as an object or what it reads changes. */
export interface ValidationRule {
  /** Unique among the rules of other extensions. */
  readonly id: string;
  readonly codes: readonly ForeignCode[];
  /** Kinds it judges, as "group/Kind"; the core group is "core": "networking.istio.io/VirtualService", "core/Service". */
  readonly kinds: readonly string[];
  /** Further kinds that it looks up by `find`. */
  readonly reads?: readonly string[];
  /**
   * Must not change what it is given, and must end by itself: it runs on the thread of VS Code's extensions. `find` gives
   * the objects of one of the kinds in `reads`, of a namespace or of all.
   */
  check(
    object: ForeignObject,
    find: (kind: string, namespace?: string) => readonly ForeignObject[],
  ): Iterable<ForeignFinding>;
}
