// Envoy's response flags at the caller, by what the near side makes of such a request. Several are joined by commas.
//
// Answered: no flag; an injected delay (DI alone), after which the request went on; retries that ran out on answers (URX
// alone). The near side saw the same code, maybe with flags of its own (503 with UC there is a plain 503 here).
// Given up: the caller stopped waiting (UT, SI, DT, UMSDR). The near side sees it leave: code 0 with DC.
// Others never got there (FI, UF, UH, UO, NR, NC, RL, UAEX ...), or read the same at both ends (DC). UC is not told apart:
// mostly the near side's proxy died and reports nothing.

export type FlagMeaning = "answered" | "gaveUp" | "other";

const patience: ReadonlySet<string> = new Set(["UT", "SI", "DT", "UMSDR"]);

/** `flags` as in Call: "" for none. */
export function meaningOf(flags: string): FlagMeaning {
  if (flags === "" || flags === "DI" || flags === "URX") return "answered";
  return flags.split(",").some((flag) => patience.has(flag)) ? "gaveUp" : "other";
}

/** The near side saw its caller leave. */
export function callerLeft(flags: string): boolean {
  return flags.split(",").includes("DC");
}
