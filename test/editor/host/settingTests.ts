import assert from "node:assert/strict";
import { ConfigurationTarget, extensions, workspace } from "vscode";
import { demoUri, openDemo, readSoon } from "./documentTests.ts";
import { extensionId, type HostTest } from "./hostTest.ts";

interface Manifest {
  readonly contributes: {
    readonly configuration: readonly { readonly properties: Readonly<Record<string, unknown>> }[];
  };
}

/** For each setting another value than its default. */
const others: Readonly<Record<string, unknown>> = {
  "foreyard.kubeconfig.files": ["/no/such/kubeconfig"],
  "foreyard.kubeconfig.offerContextSwitch": false,
  "foreyard.scope.namespaces": ["shop"],
  "foreyard.demo.connectOnOpen": true,
  "foreyard.metrics.windowSeconds": 300,
  "foreyard.metrics.refreshSeconds": 5,
  "foreyard.prometheus.sources": { "*": { url: "http://127.0.0.1:9" } },
  "foreyard.explorer.sort": "errors",
  "foreyard.explorer.rowsPerGroup": 50,
  "foreyard.labels.app": ["app"],
  "foreyard.labels.version": ["version"],
  "foreyard.topology.windowSeconds": 600,
  "foreyard.topology.refreshSeconds": 0,
  "foreyard.health.rules": [{ namespace: "shop", tolerances: [{ code: "5XX", degraded: 5, failure: 50 }] }],
  "foreyard.drilldown.thresholds": { errors: [0.01, 0.1], latency: [1, 2] },
  "foreyard.metadata.annotations": ["cost.example.com/"],
  "foreyard.metadata.kinds": [{ group: "extensions.banzaicloud.io", kind: "Metadata", about: ["Pod"] }],
  "foreyard.validation.enabled": false,
  "foreyard.validation.rules": { FY0005: "off" },
  "foreyard.validation.suppress": ["IST0101=VirtualService shop/*"],
  "foreyard.validation.istioVersion": "1.30",
  "foreyard.yaml.engine": "builtin",
  "foreyard.links.prometheus": "http://127.0.0.1:9/prometheus",
  "foreyard.links.grafana": "http://127.0.0.1:9/grafana",
  "foreyard.links.kiali": "http://127.0.0.1:9/kiali",
  "foreyard.links.jaeger": "http://127.0.0.1:9/jaeger",
};

export const settingTests: readonly HostTest[] = [
  {
    name: "S4: this suite knows every setting",
    run() {
      const { contributes } = extensions.getExtension(extensionId)?.packageJSON as Manifest;
      const names = contributes.configuration.flatMap(({ properties }) => Object.keys(properties));
      assert.deepEqual(Object.keys(others).sort(), names.sort());
      return Promise.resolve();
    },
  },
  ...Object.entries(others).map(([name, value]): HostTest => ({
    name: `S4: ${name} can be changed and changed back while the demo mesh is open`,
    async run() {
      await openDemo();
      const service = await demoUri("shop/core/Service/cart.yaml");
      await readSoon(service);
      const config = workspace.getConfiguration();
      await config.update(name, value, ConfigurationTarget.Global);
      assert.deepEqual(workspace.getConfiguration().get(name), value);
      assert.match(await readSoon(service), /name: cart/);
      await config.update(name, undefined, ConfigurationTarget.Global);
      assert.match(await readSoon(service), /name: cart/);
    },
  })),
];
