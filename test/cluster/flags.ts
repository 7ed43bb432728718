import { credentialFlags } from "./credentials.ts";

export function etcdFlags(url: string, peerPort: number): readonly string[] {
  return [
    "--data-dir=etcd",
    "--unsafe-no-fsync",
    "--log-level=error",
    "--quota-backend-bytes=8589934592",
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
  ];
}

export function apiServerFlags(etcdUrl: string, port: number, bare: boolean): string[] {
  return [
    `--etcd-servers=${etcdUrl}`,
    "--etcd-compaction-interval=0", // only compact() compacts
    `--secure-port=${port}`,
    "--bind-address=127.0.0.1",
    // These two keep it from looking for a default route and from publishing a loopback endpoint, which it refuses.
    "--advertise-address=127.0.0.1",
    "--endpoint-reconciler-type=none",
    "--authorization-mode=RBAC",
    "--service-cluster-ip-range=10.96.0.0/16",
    "--allow-privileged",
    "--kubelet-preferred-address-types=InternalIP", // else it would look up the nodes' names in DNS
    "--shutdown-watch-termination-grace-period=1s", // else SIGTERM waits a minute for open watches
    ...credentialFlags,
    // Without a controller manager there are no service accounts, and pods without one would be refused.
    ...(bare ? ["--disable-admission-plugins=ServiceAccount"] : []),
  ];
}

/** For the controller manager and the scheduler. Without a port they have no health check, and need no free port. */
export function componentFlags(kubeconfig: string): readonly string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    "--leader-elect=false",
    "--secure-port=0",
    "--kube-api-qps=1000",
    "--kube-api-burst=2000",
  ];
}
