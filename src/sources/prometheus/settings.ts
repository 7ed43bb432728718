/** How to reach a metrics store, from the user. Credentials come from a secret store, never from settings files. */
export interface PrometheusSettings {
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly insecureSkipVerify?: boolean;
  /** Program and arguments that print a bearer token; started without a shell. */
  readonly tokenCommand?: readonly string[];
  readonly credentials?: Credentials;
  /** Send the cluster's own token to `url`. Only for stores that check it themselves, as OpenShift's do. */
  readonly useClusterToken?: boolean;
  readonly scrapeIntervalSeconds?: number;
  /** Added to every selector, e.g. for one mesh in a store of many. */
  readonly queryLabels?: Readonly<Record<string, string>>;
}

export type Credentials = { readonly bearer: string } | { readonly user: string; readonly password: string };
