/** The proxy that decides: a client's sidecar (its outbound side), or a gateway's pod. */
export interface Proxy {
  readonly kind: "sidecar" | "gateway";
  readonly namespace: string;
  /** Labels of the pod. */
  readonly labels: Readonly<Record<string, string>>;
}
