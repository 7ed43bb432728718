import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "../support/freePort.ts";
import { output } from "../support/programOutput.ts";
import { startProgram, type Program } from "../support/startProgram.ts";
import { auditFlags, readAudit, type AuditEvent } from "./audit.ts";
import { createApi, listItems, type Api } from "./api.ts";
import { apiServerFlags, componentFlags, etcdFlags } from "./flags.ts";
import { etcdCompact } from "./etcd.ts";
import { findPrograms, type ProgramName } from "./controlPlanePrograms.ts";
import {
  controllerManagerCredentialFlags,
  kubeconfigText,
  serverCertificate,
  tokens,
  writeCredentials,
} from "./credentials.ts";

export interface ControlPlaneOptions {
  /** How many stand-ins for nodes; 2 by default. */
  readonly nodes?: number;
  /** Further flags of the stand-ins, see `cluster node --help`: --logs, --exec, --map, --condition, --zones. */
  readonly nodeFlags?: readonly string[];
  readonly apiServerFlags?: readonly string[];
  /** The one namespace that the viewer may read (made here); `default` by default. */
  readonly viewerNamespace?: string;
  /** Keep an audit log of all requests but the driver's and the control plane's own. */
  readonly audit?: boolean;
  /** Only etcd and the API server: starts sooner, but nothing creates, schedules or runs pods. */
  readonly bare?: boolean;
}

export interface ControlPlane {
  readonly server: string;
  readonly etcdUrl: string;
  /** The work folder; gone after stop(). */
  readonly folder: string;
  /** Files. admin may do all, viewer may read one namespace, the other two are refused with 401. */
  readonly kubeconfigs: Readonly<Record<"admin" | "viewer" | "invalid" | "expired", string>>;
  /** A further kubeconfig file for this server with the given `user` section and current context `name`. */
  readonly writeKubeconfig: (name: string, user: object) => Promise<string>;
  readonly api: Api;
  /** The command with which to start kubectl oneself. */
  readonly kubectlCommand: readonly [string, ...string[]];
  /** Runs kubectl to its end and returns what it printed; throws what it said on stderr. */
  readonly kubectl: (...args: readonly string[]) => Promise<string>;
  readonly programs: ReadonlyMap<ProgramName, Program>;
  /** Ends the API server (SIGTERM as in an update, SIGKILL as in a crash) and starts it anew on the same port. */
  readonly restartApiServer: (signal?: "SIGTERM" | "SIGKILL") => Promise<void>;
  /**
   * Makes etcd forget all old revisions. Only a resource without watch cache (`--watch-cache-sizes=configmaps#0`) or a
   * restarted API server answers 410 then: a watch cache goes on serving what it holds.
   */
  readonly compact: () => Promise<void>;
  /** All requests so far, with `audit: true`. */
  readonly auditEvents: () => Promise<readonly AuditEvent[]>;
  readonly stop: () => Promise<void>;
}

const bareNames: readonly ProgramName[] = ["etcd", "kube-apiserver", "kubectl"];
const allNames: readonly ProgramName[] = [...bareNames, "kube-controller-manager", "kube-scheduler", "node"];

/** Why no control plane can be started here, for node:test's `skip`; builds what is needed. */
export async function controlPlaneSkip(options: { readonly bare?: boolean } = {}): Promise<string | false> {
  return (await findPrograms(options.bare === true ? bareNames : allNames)).skip;
}

/** Starts a Kubernetes control plane on free ports of 127.0.0.1 and waits until its nodes are ready. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const found = await findPrograms(options.bare === true ? bareNames : allNames);
  if (found.skip !== false) throw new Error(found.skip);
  const commands = found.programs;
  const folder = await mkdtemp(path.join(tmpdir(), "foreyard-cluster-"));
  const at = (name: string) => path.join(folder, name);
  const { expiredToken } = await writeCredentials(folder);
  const [etcdPort, peerPort, apiPort] = [await freePort(), await freePort(), await freePort()];
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const server = `https://127.0.0.1:${apiPort}`;
  const api = createApi(server, at(serverCertificate));
  const programs = new Map<ProgramName, Program>();
  const baseFlags = apiServerFlags(etcdUrl, apiPort, options.bare === true);
  if (options.audit === true) baseFlags.push(...(await auditFlags(folder)));

  const run = (name: ProgramName, flags: readonly string[]): Program => {
    const [command, ...first] = commands[name];
    const program = startProgram({ command, args: [...first, ...flags], cwd: folder, logFile: at(`${name}.log`) });
    programs.set(name, program);
    return program;
  };
  const writeKubeconfig = async (name: string, user: object) => {
    const file = at(`${name}.kubeconfig`);
    await writeFile(file, kubeconfigText(server, at(serverCertificate), name, user));
    return file;
  };
  const startApiServer = async () => {
    const flags = [...baseFlags, ...(options.apiServerFlags ?? [])];
    await run("kube-apiserver", flags).ready(async () => (await api("GET", "/readyz")).status === 200);
  };
  const driver = await writeKubeconfig("driver", { token: tokens.driver });
  const [kubectl, ...kubectlArgs] = commands.kubectl;

  const cluster: ControlPlane = {
    server,
    etcdUrl,
    folder,
    api,
    programs,
    writeKubeconfig,
    kubeconfigs: {
      admin: await writeKubeconfig("admin", { token: tokens.admin }),
      viewer: await writeKubeconfig("viewer", { token: tokens.viewer }),
      invalid: await writeKubeconfig("invalid", { token: "no-such-token" }),
      expired: await writeKubeconfig("expired", { token: expiredToken }),
    },
    kubectlCommand: commands.kubectl,
    kubectl: (...args) => output(kubectl, [...kubectlArgs, `--kubeconfig=${driver}`, ...args]),
    restartApiServer: async (signal = "SIGTERM") => {
      await programs.get("kube-apiserver")?.end(signal);
      await startApiServer();
    },
    compact: () => etcdCompact(etcdUrl),
    auditEvents: () => readAudit(folder),
    stop: async () => {
      await Promise.all([...programs.values()].reverse().map((program) => program.end()));
      await rm(folder, { recursive: true, force: true });
    },
  };

  try {
    await run("etcd", etcdFlags(etcdUrl, peerPort)).ready(async () => (await fetch(`${etcdUrl}/health`)).ok);
    await startApiServer();
    await bindViewer(api, options);
    if (options.bare !== true) {
      await startWorkloads(run, api, await writeKubeconfig("components", { token: tokens.components }), options);
    }
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

async function bindViewer(api: Api, { viewerNamespace = "default", bare = false }: ControlPlaneOptions): Promise<void> {
  await api("POST", "/api/v1/namespaces", { metadata: { name: viewerNamespace } }); // 409 if it is there
  await api("POST", `/apis/rbac.authorization.k8s.io/v1/namespaces/${viewerNamespace}/rolebindings`, {
    metadata: { name: "viewer" },
    roleRef: {
      apiGroup: "rbac.authorization.k8s.io",
      kind: "ClusterRole",
      // The controller manager fills `view` from the other one.
      name: bare ? "system:aggregate-to-view" : "view",
    },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "viewer" }],
  });
}

async function startWorkloads(
  run: (name: ProgramName, flags: readonly string[]) => Program,
  api: Api,
  kubeconfig: string,
  { nodes = 2, nodeFlags = [] }: ControlPlaneOptions,
): Promise<void> {
  const controllers = run("kube-controller-manager", [
    ...componentFlags(kubeconfig),
    ...controllerManagerCredentialFlags,
  ]);
  run("kube-scheduler", componentFlags(kubeconfig));
  const standIns = run("node", [`--kubeconfig=${kubeconfig}`, `--count=${nodes}`, ...nodeFlags]);
  // Pods are refused until there is the service account that they run as.
  const account = "/api/v1/namespaces/default/serviceaccounts/default";
  await controllers.ready(async () => (await api("GET", account)).status === 200);
  const view = "/apis/rbac.authorization.k8s.io/v1/clusterroles/view";
  await controllers.ready(async () => {
    const { rules } = (await api("GET", view)).body as { rules: readonly unknown[] | null };
    return rules !== null && rules.length > 0;
  });
  await standIns.ready(async () => {
    const items = await listItems(api, "/api/v1/nodes");
    const isReady = (taints: readonly { key: string }[] = []) =>
      taints.every(({ key }) => key !== "node.kubernetes.io/not-ready");
    return items.length === nodes && items.every(({ spec }) => isReady(spec?.taints));
  });
}
