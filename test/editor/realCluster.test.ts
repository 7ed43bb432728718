import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { demoManifests } from "../../src/sources/demo/manifests.ts";
import { startCli, type Running } from "../cli/runCli.ts";
import { controlPlaneSkip, startControlPlane, type ControlPlane } from "../cluster/controlPlane.ts";
import { applyIstioCrds } from "../cluster/istioCrds.ts";
import { eventually } from "../support/eventually.ts";
import type { MetricsEngine } from "../support/metricsEngine.ts";
import { prometheusSkip, startPrometheus } from "../support/prometheus.ts";
import { openWorkbench, type Workbench } from "./support/workbench.ts";

const skip = (await controlPlaneSkip()) || prometheusSkip();

describe("a real control plane and a real Prometheus, in a real VS Code", { skip, timeout: 360_000 }, () => {
  let cluster: ControlPlane;
  let code: Workbench;
  let serving: Running;
  let prometheus: MetricsEngine;
  let kubeconfig: string;

  const says = (text: string) => code.pane("Meshes").getByText(text).first().waitFor();

  /** What `kubectl config use-context` does: the file that is read first names another context. */
  function useContext(name: string): Promise<void> {
    const chosen = path.join(cluster.folder, "chosen");
    return writeFile(chosen, JSON.stringify({ apiVersion: "v1", kind: "Config", "current-context": name }));
  }

  before(async () => {
    cluster = await startControlPlane({ viewerNamespace: "shop" });
    const { admin, viewer, invalid, expired } = cluster.kubeconfigs;
    kubeconfig = [path.join(cluster.folder, "chosen"), admin, viewer, invalid, expired].join(path.delimiter);
    await useContext("admin");
    serving = startCli(["demo", "serve"], cluster.folder);
    const [address = ""] = await serving.lines(1);
    prometheus = await startPrometheus({ targets: [{ address: new URL(address).host }], scrapeIntervalSeconds: 2 });
    code = await openWorkbench({
      env: { KUBECONFIG: kubeconfig },
      settings: { "foreyard.metrics.refreshSeconds": 5 },
      size: { width: 1100, height: 1500 },
    });
    await code.openViews();
  });
  afterEach((t) => code.pictureOfFailure(t));
  after(async () => {
    await code.close();
    serving.stop("SIGTERM");
    await serving.ended;
    await prometheus.stop();
    await cluster.stop();
  });

  test("V3 noIstio: a cluster without Istio is connected, and the view says what is missing", async () => {
    await code.chooseContexts("admin");
    await says("No Istio control plane was found in the cluster.");
    await code.page.locator(".statusbar-item", { hasText: "admin" }).waitFor();
    await code.picture("real-no-istio");
  });

  test("with no Prometheus everything is listed, and why there are no numbers is said once", async () => {
    await applyIstioCrds(cluster);
    const file = path.join(cluster.folder, "demo.yaml");
    await writeFile(file, [...demoManifests()].join(""));
    // Kinds that are made in the same breath are known to kubectl only at the second try.
    const apply = () => cluster.kubectl("apply", "--server-side", "-f", file);
    await eventually("the demo's objects are applied", () => apply().catch(() => undefined), { seconds: 60 });
    await code.command("Foreyard: Refresh");
    await code.row("Meshes", /^admin, .*Istio 1\.\d+\.\d+/).waitFor();
    await code.open("Services", /^shop, .*services/);
    await code.row("Services", /^reviews, unknown, .*–/).waitFor();
    await code.open("Workloads", /^shop, .*workloads/);
    await code.row("Workloads", /^reviews-v2, /).waitFor();
    await code
      .pane("Services")
      .getByText(/^No numbers for admin/)
      .first()
      .waitFor();
    assert.equal(
      await code.page
        .locator(".sidebar")
        .getByText(/No numbers for admin/)
        .count(),
      1,
    );
    await code.picture("real-no-prometheus");
  });

  test("O4: Doctor lists where numbers were looked for, and each answer", async () => {
    await code.command("Foreyard: Doctor");
    await code.page.locator(".editor-instance .view-lines").getByText("Foreyard: Doctor").first().waitFor();
    await code.page.locator(".editor-instance .view-lines").click();
    await eventually("the report tells of Prometheus", async () => {
      await code.page.keyboard.press("PageDown");
      return /Prometheus/.test(await code.editorText());
    });
    await code.picture("real-doctor");
    await code.command("View: Revert and Close Editor");
  });

  test("the address of a Prometheus in the settings brings numbers, without a reload", async () => {
    code.settings({ "foreyard.prometheus.sources": { admin: { url: prometheus.url } } });
    await code.row("Services", /^shop, (degraded|failing), /).waitFor();
    await code.open("Services", /^shop, .*services/);
    await code.row("Services", /^reviews, \w+, [\d.]+ rps, /).waitFor();
    await code.open("Workloads", /^shop, .*workloads/);
    await code.row("Workloads", /^reviews-v2, \w+, [\d.]+ rps, /).waitFor();
    await code.row("Services", /^orders-db, \w+, ↓[\d.]+ k?B\/s ↑[\d.]+ k?B\/s/).waitFor();
    assert.equal(
      await code.page
        .locator(".sidebar")
        .getByText(/No numbers for admin/)
        .count(),
      0,
    );
    await code.picture("real-trees");
  });

  test("the rows' numbers are those of the command line", async () => {
    const args = ["list", "services", "--context", "admin", "-n", "shop", "--prometheus", prometheus.url];
    const options = { env: { KUBECONFIG: kubeconfig } };
    await eventually("both tell the same rate of reviews within a tenth", async () => {
      const cli = await startCli([...args, "--window", "120s", "--format", "json"], cluster.folder, options).ended;
      const rows = JSON.parse(cli.out) as readonly { readonly name: string; readonly rps: number }[];
      const expected = rows.find(({ name }) => name === "reviews")?.rps ?? 0;
      const label = String(await code.row("Services", /^reviews, /).getAttribute("aria-label"));
      const shown = Number(/([\d.]+) rps/.exec(label)?.[1]);
      return expected > 0 && Math.abs(shown - expected) <= 0.1 * expected;
    });
  });

  test("Run Validations fills the Problems view with what is wrong in the cluster, and an edit there clears it", async () => {
    const file = path.join(cluster.folder, "broken.yaml");
    const broken = (host: string): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: broken, namespace: shop }
spec:
  hosts: [reviews]
  http: [{ route: [{ destination: { host: ${host} } }] }]
`;
    await writeFile(file, broken("nobody.shop.svc.cluster.local"));
    await cluster.kubectl("apply", "--server-side", "-f", file);
    await code.command("Foreyard: Run Validations");
    await code.choices.filter({ hasText: "Mesh" }).first().click();
    const problems = code.page.locator(".markers-panel .monaco-list-row");
    await problems.filter({ hasText: "nobody.shop.svc.cluster.local" }).first().waitFor();
    assert.match((await problems.allInnerTexts()).join("\n"), /IST0101/u);
    await code.picture("real-validations");
    await writeFile(file, broken("reviews"));
    await cluster.kubectl("apply", "--server-side", "--force-conflicts", "-f", file);
    await eventually("the finding is gone", async () => {
      return (await problems.filter({ hasText: "nobody.shop.svc.cluster.local" }).count()) === 0;
    });
    await code.command("View: Toggle Problems");
    await code.command("Notifications: Clear All Notifications");
  });

  test("R1: an open document follows its object", async () => {
    await code.openYaml("Services", /^reviews, /);
    await eventually("the document is shown", async () => (await code.editorText()).includes("kind: Service"));
    await cluster.kubectl("-n", "shop", "annotate", "service", "reviews", "example.com/note=changed-meanwhile");
    await eventually("the change is shown", async () => (await code.editorText()).includes("changed-meanwhile"));
    assert.doesNotMatch(await code.editorText(), /managedFields|last-applied/);
  });

  test("C6: another current context is offered once, and never followed", async () => {
    await useContext("viewer");
    const toast = code.page.locator(".notification-toast");
    await toast.getByText("kubectl's current context is viewer now. This window stays on admin.").waitFor();
    assert.equal(await toast.count(), 1);
    await code.page.locator(".statusbar-item", { hasText: "admin" }).waitFor();
    await code.picture("real-context-offer");
    await code.command("Notifications: Clear All Notifications");
    await code.row("Services", /^reviews, /).waitFor();
  });

  test("V3 unreachable: an API server that goes away says so, and Try Again works when it is back", async () => {
    await code.command("Foreyard: Disconnect");
    await cluster.programs.get("kube-apiserver")?.end();
    await code.chooseContexts("admin");
    await says("There is no connection to the cluster.");
    await code.picture("real-unreachable");
    await cluster.restartApiServer();
    await code.pane("Meshes").getByRole("button", { name: "Try Again" }).click();
    await code.row("Meshes", /^admin, /).waitFor();
  });

  test("V3 unauthorized: a token that has expired, and one that is not known", async () => {
    for (const context of ["expired", "invalid"]) {
      await code.chooseContexts(context);
      await code.page.locator(".statusbar-item", { hasText: context }).waitFor();
      await says("The cluster refused your credentials.");
    }
    await code.picture("real-unauthorized");
  });

  test("a user who may see one namespace sees it, and is told what is hidden", async () => {
    code.settings({ "foreyard.scope.namespaces": ["shop"] });
    await code.chooseContexts("viewer");
    await code.row("Services", /^shop, .*services/).waitFor();
    await code.open("Services", /^shop, .*services/);
    await code.row("Services", /^reviews, /).waitFor();
    await code.picture("real-one-namespace");
  });
});
