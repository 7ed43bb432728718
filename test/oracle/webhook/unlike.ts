/** Where Foreyard knowingly judges unlike istiod: by what istiod or Foreyard says, and why. */
export const unlike: readonly { readonly said: RegExp; readonly by: "istiod" | "foreyard"; readonly why: string }[] = [
  {
    said: /headers\.[^:]*: The header .* needs a match/u,
    by: "foreyard",
    why: "validateHTTPRoute refuses a header whose match is null; read from JSON a null becomes an empty match before that",
  },
  {
    said: /(?:from|to) is empty; leave it out/u,
    by: "foreyard",
    why: "ValidateAuthorizationPolicy refuses an empty list; read from JSON it becomes none before that",
  },
  {
    said: /Envoy filter: (?:Any JSON|can't unmarshal|could not resolve|json:|unknown|bad )/u,
    by: "istiod",
    why: "what Envoy's own messages hold is known from Envoy's protobuf files alone, which Foreyard does not bring",
  },
];
